using System.Text.RegularExpressions;
using Portal.Core.Shared.Files;
using Portal.Providers.Local.Pipelines.Expressions;
using YamlDotNet.RepresentationModel;

namespace Portal.Providers.Local.Pipelines.Workflows;

/// <summary>
/// Reads a workflow file whole, with every expression in it, so that mistakes show before anything runs.
/// </summary>
internal sealed partial class WorkflowParser
{
    private static readonly string[] Triggers =
    [
        "push", "pull_request", "pull_request_target", "workflow_dispatch", "workflow_call", "workflow_run", "schedule",
        "release", "create", "delete",
        "deployment", "deployment_status", "issues", "issue_comment", "merge_group", "page_build", "registry_package",
        "repository_dispatch", "status",
        "check_run", "check_suite", "branch_protection_rule", "discussion", "discussion_comment", "fork", "gollum",
        "label", "milestone", "project",
        "public", "pull_request_review", "pull_request_review_comment", "watch",
    ];

    private readonly YamlReader yaml;

    private WorkflowParser(string file) => yaml = new YamlReader(file);

    /// <exception cref="WorkflowException">With file and line.</exception>
    public static Workflow Parse(string file, string text)
    {
        var parser = new WorkflowParser(file);
        return parser.Read(parser.yaml.Parse(text));
    }

    /// <summary>An <c>action.yml</c>.</summary>
    /// <exception cref="WorkflowException">With file and line; also for actions that are not composite.</exception>
    public static CompositeAction ParseAction(string file, string text)
    {
        var parser = new WorkflowParser(file);
        var yaml = parser.yaml;
        var root = yaml.Parse(text);
        var runs = yaml.Map(YamlReader.Get(root, "runs") ?? throw yaml.Wrong(root, "'runs' is missing."), "runs");
        var kind = yaml.TextOf(runs, "using")?.Text;
        if (kind != "composite")
        {
            throw yaml.Wrong(runs, $"actions that run with '{kind}' are not available locally; composite ones are.");
        }
        var steps = new StepParser(yaml).Read(YamlReader.Get(
            runs, "steps") ?? throw yaml.Wrong(runs, "'steps' is missing."));
        return new CompositeAction(
            file, parser.Inputs(YamlReader.Get(root, "inputs")),
            parser.OutputsWithValue(YamlReader.Get(root, "outputs")), steps);
    }

    private Workflow Read(YamlMappingNode root)
    {
        yaml.AllowOnly(
            root, "a workflow", "name", "run-name", "on", "permissions", "env", "defaults", "concurrency", "jobs");
        var events = Events(root);
        var dispatch = events.GetValueOrDefault("workflow_dispatch") as YamlMappingNode;
        var call = events.GetValueOrDefault("workflow_call") as YamlMappingNode;
        var jobs = yaml.Map(YamlReader.Get(root, "jobs") ?? throw yaml.Wrong(root, "'jobs' is missing."), "jobs");
        yaml.Few(jobs, jobs.Children, "jobs", MatrixExpander.MaxJobs);
        if (jobs.Children.Count == 0) throw yaml.Wrong(jobs, "a workflow needs at least one job.");
        var read = jobs.Children.Select(j => new JobParser(yaml).Read(yaml.Text(j.Key, "a job's id"), j.Value))
            .ToList();
        CheckNeeds(read);
        return new Workflow(
            yaml.File,
            yaml.TextOf(root, "name")?.Text ?? Path.GetFileName(yaml.File),
            events.TryGetValue("push", out var push) ? Push(push) : null,
            events.ContainsKey("workflow_call"),
            yaml.TextOf(root, "run-name"),
            Inputs(dispatch is null ? null : YamlReader.Get(dispatch, "inputs")),
            Inputs(call is null ? null : YamlReader.Get(call, "inputs")),
            OutputsWithValue(call is null ? null : YamlReader.Get(call, "outputs")),
            JobParser.Checked(yaml.MapOf(root, "env")),
            new JobParser(yaml).Defaults(root),
            new JobParser(yaml).Concurrency(root),
            read);
    }

    private Dictionary<string, YamlNode?> Events(YamlMappingNode root)
    {
        var on = YamlReader.Get(root, "on")
            ?? throw yaml.Wrong(root, "'on' is missing: it says what starts the workflow, e.g. on: push.");
        var events = new Dictionary<string, YamlNode?>(StringComparer.Ordinal);
        switch (on)
        {
            case YamlMappingNode map:
                foreach (var (name, value) in map.Children) events[yaml.Text(name, "on").Text] = value;
                break;
            case YamlSequenceNode list:
                foreach (var name in list.Children) events[yaml.Text(name, "on").Text] = null;
                break;
            default:
                events[yaml.Text(on, "on").Text] = null;
                break;
        }

        foreach (var name in events.Keys)
        {
            if (!Triggers.Contains(name, StringComparer.Ordinal))
            {
                throw yaml.Wrong(on, $"'{name}' is not an event that starts a workflow; e.g. push, workflow_dispatch.");
            }
        }

        return events;
    }

    private PushFilter Push(YamlNode? node)
    {
        if (node is not YamlMappingNode map) return PushFilter.Everything;
        yaml.AllowOnly(map, "on.push", "branches", "branches-ignore", "tags", "tags-ignore", "paths", "paths-ignore");
        IReadOnlyList<string>? List(string key)
        {
            if (yaml.ListOf(map, key) is not { } list) return null;
            yaml.Few(map, (SourceText[])[.. list], key, PushFilter.MaxPatterns);
            return list.FirstOrDefault(t => t.Text.Length > Glob.MaxLength) is { } tooLong
                ? throw new WorkflowException(
                    tooLong.File, tooLong.Line, $"a pattern of {key} is longer than {Glob.MaxLength} characters.")
                : [.. list.Select(t => t.Text)];
        }

        return new PushFilter(
            List("branches"), List("branches-ignore"), List("tags"), List("tags-ignore"), List("paths"),
            List("paths-ignore"));
    }

    private Dictionary<string, InputDefinition> Inputs(YamlNode? node)
    {
        var inputs = new Dictionary<string, InputDefinition>(StringComparer.OrdinalIgnoreCase);
        if (node is null) return inputs;
        foreach (var (key, value) in yaml.Few(node, yaml.Map(node, "inputs").Children, "inputs"))
        {
            var name = yaml.Text(key, "an input").Text;
            var map = value as YamlMappingNode ?? [];
            inputs[name] = new InputDefinition(
                name, yaml.TextOf(map, "type")?.Text
                    ?? "string", yaml.TextOf(map, "default"), yaml.TextOf(map, "required")?.Text == "true");
        }

        return inputs;
    }

    private Dictionary<string, SourceText> OutputsWithValue(YamlNode? node)
    {
        var outputs = new Dictionary<string, SourceText>(StringComparer.OrdinalIgnoreCase);
        if (node is null) return outputs;
        foreach (var (key, value) in yaml.Few(node, yaml.Map(node, "outputs").Children, "outputs"))
        {
            var text = yaml.TextOf(yaml.Map(value, "an output"), "value")
                ?? throw yaml.Wrong(value, $"the output '{key}' has no value.");
            TextTemplate.Check(text);
            outputs[yaml.Text(key, "an output").Text] = text;
        }

        return outputs;
    }

    private void CheckNeeds(List<Job> jobs)
    {
        var known = jobs.ToDictionary(j => j.Id, StringComparer.Ordinal);
        foreach (var job in jobs)
        {
            foreach (var need in job.Needs)
            {
                if (!known.ContainsKey(need))
                {
                    throw new WorkflowException(
                        yaml.File, job.Line,
                        $"the job '{job.Id}' needs '{need}', which is no job here; jobs are "
                        + $"{string.Join(", ", known.Keys)}.");
                }
            }
        }

        var done = new HashSet<string>(StringComparer.Ordinal);
        while (done.Count < jobs.Count)
        {
            var next = jobs.Where(j => !done.Contains(j.Id) && j.Needs.All(done.Contains)).ToList();
            if (next.Count == 0)
            {
                var circle = jobs.Where(j => !done.Contains(j.Id)).ToList();
                throw new WorkflowException(
                    yaml.File, circle[0].Line,
                    $"the jobs {string.Join(", ", circle.Select(j => j.Id))} need one another in a circle.");
            }

            done.UnionWith(next.Select(j => j.Id));
        }
    }

    [GeneratedRegex(@"^[A-Za-z_][A-Za-z0-9_-]*\z")]
    internal static partial Regex IdPattern();
}
