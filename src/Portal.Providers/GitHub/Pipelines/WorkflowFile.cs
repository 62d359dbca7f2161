using Portal.Core.Providers;
using Portal.Core.Shared;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Portal.Providers.GitHub.Pipelines;

/// <summary>What the portal has to know of a workflow before it starts it: the inputs that it declares.</summary>
/// <param name="Inputs">
/// Below <c>on.workflow_dispatch.inputs</c>; null when the file cannot be read, which GitHub will say itself.
/// </param>
internal sealed record WorkflowFile(IReadOnlyList<string>? Inputs)
{
    private static readonly YamlLimits Limits = new(MaxBytes: 1 << 20, MaxNodes: 100_000);

    /// <summary>It has the input for the correlation: a run of it can be found again.</summary>
    public bool TakesCorrelation =>
        Inputs?.Contains(TriggerPipeline.CorrelationInput, StringComparer.OrdinalIgnoreCase) == true;

    public static bool IsName(string name) =>
        Path.GetExtension(name) is ".yml" or ".yaml" && name == Path.GetFileName(name) && name.Length <= 200
            && !name.Any(char.IsControl);

    public static WorkflowFile Parse(string text)
    {
        if (Limits.TooLarge(text) is not null) return new WorkflowFile((IReadOnlyList<string>?)null);
        try
        {
            var stream = new YamlStream();
            stream.Load(new BoundedYamlParser(text, Limits));
            var root = stream.Documents is [var document, ..] ? document.RootNode : null;
            var inputs = Get(Get(Get(root, "on"), "workflow_dispatch"), "inputs") as YamlMappingNode;
            return new WorkflowFile(
                inputs is null ? [] : [.. inputs.Children.Keys.OfType<YamlScalarNode>().Select(k => k.Value ?? "")]);
        }
        catch (YamlException)
        {
            return new WorkflowFile((IReadOnlyList<string>?)null);
        }
    }

    private static YamlNode? Get(YamlNode? node, string key) =>
        (node as YamlMappingNode)?.Children.FirstOrDefault(
            c => c.Key is YamlScalarNode { Value: { } name } && name == key).Value;
}
