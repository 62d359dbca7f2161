using Portal.Core.GoldenPaths.Templates;
using Portal.Core.Runs;

namespace Portal.Core.GoldenPaths.Forms;

/// <summary>The parameters of a template that may take part in what is made being called as it is.</summary>
public static class NamingParameters
{
    private static readonly string[] Pickers = ["EntityNamePicker", "RepoUrlPicker", "OwnerPicker"];

    public static IReadOnlySet<string> Of(TemplateVersion template)
    {
        var all = (template.Spec.Parameters ?? []).ToHashSet(StringComparer.Ordinal);
        var named = UsedParameters.OfNames(template.Spec.Steps, all).ToHashSet(StringComparer.Ordinal);
        named.UnionWith(template.Form.Resolve([]).Fields.Where(f => Pickers.Contains(f.Field))
            .Select(f => f.Path.TrimStart('/')));
        return named;
    }
}
