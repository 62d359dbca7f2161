using Portal.Providers.Local.Pipelines.Expressions;
using Portal.Providers.Local.Pipelines.Workflows;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Portal.TestKit.GitHub.Server.Actions;

internal sealed record WorkflowInput(string Name, bool IsRequired, string? Default, IReadOnlyList<string> Options);

internal sealed record WorkflowStep(
    string? Name, string? Run, string? Uses, string? If, IReadOnlyDictionary<string, string> With,
    bool ContinueOnError);

internal sealed record WorkflowJob(
    string Id, string? Name, IReadOnlyList<string> Needs, string? If, string RunsOn, IReadOnlyList<WorkflowStep> Steps);

/// <summary>A file below <c>.github/workflows</c>, read as far as the world plays it.</summary>
/// <param name="Inputs">Of <c>workflow_dispatch</c>; null when it cannot be started by hand.</param>
/// <param name="Push">Null: does not start on a push.</param>
/// <param name="DispatchTypes">Of <c>repository_dispatch</c>, none = all; null when it does not start on it.</param>
internal sealed record WorkflowFile(
    string Path, string Name, string? RunName, IReadOnlyList<WorkflowInput>? Inputs, PushFilter? Push,
    IReadOnlyList<string>? DispatchTypes, IReadOnlyList<WorkflowJob> Jobs)
{
    /// <summary>Null when the file is no workflow: GitHub would show a failed run, the world shows none.</summary>
    public static WorkflowFile? Read(string path, string text)
    {
        try
        {
            var yaml = new YamlStream();
            yaml.Load(new StringReader(text));
            return yaml.Documents is [{ RootNode: YamlMappingNode root }, ..] ? Read(path, root) : null;
        }
        catch (YamlException)
        {
            return null;
        }
    }

    private static WorkflowFile Read(string path, YamlMappingNode root)
    {
        var events = Events(Get(root, "on"));
        return new WorkflowFile(
            path, Text(root, "name") ?? path, Text(root, "run-name"),
            events.TryGetValue("workflow_dispatch", out var dispatch) ? Declared(dispatch) : null,
            events.TryGetValue("push", out var push) ? Filter(push) : null,
            events.TryGetValue("repository_dispatch", out var repository) ? List(repository, "types") ?? [] : null,
            [.. Children(Get(root, "jobs")).Select(job => Job(job.Key, job.Value))]);
    }

    private static Dictionary<string, YamlNode?> Events(YamlNode? on) => on switch
    {
        YamlMappingNode map => map.Children.ToDictionary(
            c => c.Key.ToString(), c => (YamlNode?)c.Value, StringComparer.Ordinal),
        YamlSequenceNode list => list.ToDictionary(
            name => name.ToString(), _ => (YamlNode?)null, StringComparer.Ordinal),
        YamlScalarNode { Value: { } name } => new Dictionary<string, YamlNode?>(
            StringComparer.Ordinal) { [name] = null },
        _ => [],
    };

    private static List<WorkflowInput> Declared(YamlNode? dispatch) =>
        [.. Children(Get(dispatch, "inputs")).Select(i => new WorkflowInput(
            i.Key, Text(i.Value, "required") == "true", Text(i.Value, "default"), List(i.Value, "options") ?? []))];

    private static PushFilter Filter(YamlNode? push) => new(
        List(push, "branches"), List(push, "branches-ignore"), List(push, "tags"), List(push, "tags-ignore"),
        List(push, "paths"), List(push, "paths-ignore"));

    private static WorkflowJob Job(string id, YamlNode job) => new(
        id, Text(job, "name"), List(job, "needs") ?? [], Text(job, "if"),
        List(job, "runs-on") is [var first, ..] ? first : "ubuntu-latest",
        [.. (Get(job, "steps") as YamlSequenceNode ?? []).Select(step => new WorkflowStep(
            Text(step, "name"), Text(step, "run"), Text(step, "uses"), Text(step, "if"),
            Children(Get(step, "with")).ToDictionary(w => w.Key, w => w.Value.ToString(), StringComparer.Ordinal),
            Text(step, "continue-on-error") == "true"))]);

    private static YamlNode? Get(YamlNode? node, string name) =>
        node is YamlMappingNode map && map.Children.TryGetValue(new YamlScalarNode(name), out var value) ? value : null;

    private static string? Text(YamlNode? node, string name) => (Get(node, name) as YamlScalarNode)?.Value;

    private static List<string>? List(YamlNode? node, string name) => Get(node, name) switch
    {
        YamlSequenceNode list => [.. list.Select(item => item.ToString())],
        YamlScalarNode { Value: { } one } => [one],
        _ => null,
    };

    private static IEnumerable<KeyValuePair<string, YamlNode>> Children(YamlNode? node) =>
        (node as YamlMappingNode)?.Children.Select(c => KeyValuePair.Create(c.Key.ToString(), c.Value)) ?? [];

    /// <summary>Text with its expressions worked out.</summary>
    public static string Render(string text, ExpressionScope scope) =>
        TextTemplate.Render(new SourceText(text, "workflow", 0), scope);

    public static bool IsTrue(string? condition, ExpressionScope scope) =>
        TextTemplate.Condition(condition is null ? null : new SourceText(condition, "workflow", 0), scope);
}
