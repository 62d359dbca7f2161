using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using Portal.Core.Catalog;
using Portal.Core.GoldenPaths.Actions;
using Portal.Core.GoldenPaths.Actions.Fetch;
using Portal.Core.GoldenPaths.Runs;
using Portal.Core.GoldenPaths.Templates;
using Portal.Core.GoldenPaths.Trees;
using Portal.Core.Governance.Access;
using Portal.Core.Shared;

namespace Portal.TestKit.Fakes;

/// <summary>Plans templates that a test writes as YAML.</summary>
public sealed class Plans(params IAction[] actions)
{
    public static readonly Actor Ada = new(EntityRef.User("ada"), "Ada", [EntityRef.Group("payments")]);

    public TemplateOptions Options { get; } = new();

    public ActionRegistry Actions { get; } = new([new FetchTemplate(), .. actions]);

    public StepWalk Walk => new(Actions, Microsoft.Extensions.Options.Options.Create(Options));

    public PlanRun PlanRun => new(Walk);

    /// <param name="template">Of <c>spec</c>: steps and output, indented by two.</param>
    public async Task<Result<RunPlan>> PlanAsync(string template, JsonObject? values = null, FileTree? files = null, JsonObject? secrets = null)
    {
        var manifest = Manifest(template);
        var tree = (files ?? FileTree.Empty).And([.. Trees.Of(("template.yaml", Text(template))).Files]);
        return await PlanRun.PlanAsync(manifest.Spec, tree, values ?? [], secrets, Ada, null, CancellationToken.None);
    }

    public static TemplateManifest Manifest(string template)
    {
        var (manifests, errors) = ManifestReader.Read(Text(template), "template.yaml");
        return errors.Count == 0 ? manifests[0] : throw new InvalidOperationException(string.Join("\n", errors));
    }

    public static string Text(string spec) => $"""
        apiVersion: scaffolder.backstage.io/v1beta3
        kind: Template
        metadata:
          name: example
        spec:
          type: service
        {spec}
        """;
}
