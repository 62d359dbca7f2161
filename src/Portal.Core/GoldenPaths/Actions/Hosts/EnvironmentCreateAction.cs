using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml;
using Portal.Core.Environments;
using Portal.Core.GoldenPaths.Runs;
using Portal.Core.Providers;

namespace Portal.Core.GoldenPaths.Actions.Hosts;

/// <summary><c>environment:create</c>.</summary>
public sealed partial class EnvironmentCreateAction(ProviderRegistry providers, EnvironmentCreateEffect effect, IEnvironmentRecords records) : IAction
{
    public ActionDescription Description { get; } = new(
        "environment:create", "Makes an environment that runs what a pipeline built, and waits until it is healthy.",
        ActionSchema.Parse("""
        {
          "type": "object", "required": ["repository"], "additionalProperties": false,
          "properties": {
            "repository": { "type": "string", "minLength": 1, "title": "Repository", "description": "organisation/name, or the address to clone it from." },
            "component": { "type": "string", "minLength": 1, "title": "Component", "description": "Entity reference; component:default/<repository name> unless given." },
            "name": { "type": "string", "pattern": "^[a-z0-9]([a-z0-9-]{0,28}[a-z0-9])?$", "title": "Name", "description": "Unique for the component: lower-case letters, digits, dashes.", "default": "dev" },
            "type": { "type": "string", "minLength": 1, "maxLength": 30, "title": "Type", "description": "dev, test, prod …", "default": "dev" },
            "definition": { "type": "string", "minLength": 1, "title": "Definition", "description": "The kind of environment; the provider's first unless given." },
            "size": { "type": "string", "minLength": 1, "title": "Size", "description": "The definition's smallest unless given." },
            "parameters": { "type": "object", "title": "Parameters", "description": "As the definition declares them." },
            "lifetime": { "type": "string", "minLength": 1, "title": "Lifetime", "description": "After which it is destroyed: 7d, 12h, or ISO 8601 such as P7D; no end unless given." },
            "pipelineRun": { "type": "string", "minLength": 1, "title": "Pipeline run", "description": "Whose artifact named app it runs; the newest that passed on the default branch unless given." },
            "reason": { "type": "string", "maxLength": 500, "title": "Reason" },
            "followsDefaultBranch": { "type": "boolean", "title": "Follows the default branch", "description": "Gets every version whose pipeline passes.", "default": true }
          }
        }
        """),
        ActionSchema.Parse("""
        {
          "type": "object",
          "properties": {
            "environment": { "type": "string", "title": "Id of the environment" },
            "environmentUrl": { "type": "string", "title": "Its page" },
            "url": { "type": "string", "title": "Where it answers" },
            "commit": { "type": "string", "title": "SHA that it runs" }
          }
        }
        """),
        [new ActionExample("Start the dev environment", """
            id: environment
            name: Start the dev environment
            action: environment:create
            input:
              repository: ${{ steps.publish.output.repository }}
              component: ${{ steps.register.output.entityRef }}
              name: dev
              pipelineRun: ${{ steps.pipeline.output.pipelineRun }}
            """)]);

    public async Task ExecuteAsync(ActionContext context, CancellationToken cancellation)
    {
        var input = context.Input;
        if (context.IsUnknown("repository") || context.IsUnknown("name") || context.IsUnknown("size") || context.IsUnknown("definition") || context.IsUnknown("lifetime"))
        {
            context.LeaveToRun(Description, "Create", "environment", providers.Default<IEnvironmentHost>().Instance);
            return;
        }
        var repository = HostedRepository.Of(providers, input.Text("repository")!);
        var host = repository.Beside<IEnvironmentHost>(providers);
        var name = input.Text("name") ?? "dev";
        var component = context.Component(repository.Name);
        var definition = EnvironmentDefinitions.Find(host, input.Text("definition"));
        var size = definition.Size(input.Text("size")).Name;
        var parameters = EnvironmentDefinitions.Parameters(definition, input["parameters"] as JsonObject);
        if (!context.IsPlan && await records.FindAsync(component, name, cancellation) is { } taken && taken.RunId != context.RunId)
            throw new ActionFailedException($"{component.Name} has an environment '{name}' already (/environments/{taken.Id}). Choose another name, or destroy that one first.");
        var args = new EnvironmentCreateArgs(
            host.Instance, repository.Host.Instance, EnvironmentIds.Of(context.RunId, component, name), name, input.Text("type") ?? "dev", size, repository.Name, component.ToString(),
            input.Text("pipelineRun"), Lifetime(input.Text("lifetime")), input.Text("reason"), input.Flag("followsDefaultBranch", otherwise: true),
            context.Actor.DisplayName, context.RunId, definition.Name, parameters);
        var applied = await context.ApplyAsync(effect, host.Instance, "environment", args, cancellation);
        context.TakeOutputs(applied.Outputs);
    }

    internal static TimeSpan? Lifetime(string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) return null;
        var wrong = new ActionFailedException($"'{text}' is no lifetime. Write 12h, 7d, 2w, or ISO 8601 such as P7D.");
        var simple = SimpleLifetime().Match(text.Trim());
        if (simple.Success)
        {
            if (!int.TryParse(simple.Groups[1].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count is < 1 or > 100_000) throw wrong;
            return simple.Groups[2].Value switch { "m" => TimeSpan.FromMinutes(count), "h" => TimeSpan.FromHours(count), "d" => TimeSpan.FromDays(count), _ => TimeSpan.FromDays(7.0 * count) };
        }
        try
        {
            var span = XmlConvert.ToTimeSpan(IsoWeeks().Replace(text.Trim(), m => $"P{7 * int.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture)}D"));
            return span > TimeSpan.Zero ? span : throw wrong;
        }
        catch (Exception e) when (e is FormatException or OverflowException)
        {
            throw wrong;
        }
    }

    [GeneratedRegex("^([0-9]+) ?([mhdw])$")]
    private static partial Regex SimpleLifetime();

    [GeneratedRegex("^P([0-9]{1,4})W$")]
    private static partial Regex IsoWeeks();
}
