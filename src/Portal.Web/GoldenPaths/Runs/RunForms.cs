using System.Text.Json;
using System.Text.Json.Nodes;
using Portal.Core.Environments.Actions;
using Portal.Core.Runs;
using Portal.Core.Shared;
using Portal.Web.Shared;

namespace Portal.Web.GoldenPaths.Runs;

/// <summary>The form in which what a run was given can be given again, to be changed.</summary>
internal static class RunForms
{
    /// <summary>Null where there is none.</summary>
    public static string? Again(Run run)
    {
        if (EntityRef.TryParse(run.Template, "template", out var template))
        {
            return PortalUrls.WizardAgain(template.Value, run.Id);
        }
        var steps = JsonSerializer.Deserialize<RunSpec>(run.Spec, Json.Options)!.Steps;
        return (steps is [var one] ? one.Action : null) switch
        {
            EnvironmentCreateAction.Id => ComponentOf(run) is { } component
                ? PortalUrls.NewEnvironmentFor(component)
                : PortalUrls.NewEnvironment,
            EnvironmentAdoptAction.Id => PortalUrls.AdoptEnvironment,
            _ => null,
        };
    }

    private static EntityRef? ComponentOf(Run run) =>
        JsonNode.Parse(run.Values)?["component"] is JsonValue value && value.TryGetValue<string>(out var text)
            && EntityRef.TryParse(text, "component", out var component) ? component : null;
}
