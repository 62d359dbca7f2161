using Portal.Providers.Local.Pipelines.Expressions;
using YamlDotNet.RepresentationModel;

namespace Portal.Providers.Local.Pipelines.Workflows;

internal sealed class JobParser(YamlReader yaml)
{
    public Job Read(SourceText id, YamlNode node)
    {
        var line = id.Line;
        if (!WorkflowParser.IdPattern().IsMatch(id.Text))
        {
            throw new WorkflowException(
                yaml.File, line,
                $"'{id.Text}' cannot be a job's id: letters, digits, - and _ only, not starting with a digit.");
        }

        var map = yaml.Map(node, $"the job '{id.Text}'");
        yaml.AllowOnly(
            map, $"the job '{id.Text}'", "name", "permissions", "needs", "if", "runs-on", "environment", "concurrency",
            "outputs", "env", "defaults", "steps",
            "timeout-minutes", "strategy", "continue-on-error", "container", "services", "uses", "with", "secrets");
        var uses = yaml.TextOf(map, "uses");
        var steps = YamlReader.Get(map, "steps");
        if (uses is null == steps is null)
        {
            throw yaml.Wrong(node, $"the job '{id.Text}' needs either 'steps' or 'uses'.");
        }
        var condition = yaml.TextOf(map, "if");
        TextTemplate.Check(condition, condition: true);
        return new Job(
            id.Text, line, Checked(yaml.TextOf(map, "name")), yaml.ListOf(map, "needs")?.Select(t => t.Text).ToList()
                ?? [], condition,
            Checked(yaml.MapOf(map, "env")), Defaults(map), Checked(yaml.MapOf(map, "outputs")), Strategy(
                map), Checked(yaml.TextOf(map, "continue-on-error")),
            Checked(yaml.TextOf(map, "timeout-minutes")), Concurrency(map), RunsOn(map), steps is null
                ? [] : new StepParser(yaml).Read(steps), uses,
            Checked(yaml.MapOf(map, "with")), Unsupported(map));
    }

    public RunDefaults Defaults(YamlMappingNode map)
    {
        if (YamlReader.Get(map, "defaults") is not YamlMappingNode defaults
            || YamlReader.Get(defaults, "run") is not YamlMappingNode run) return new RunDefaults(null, null);
        yaml.AllowOnly(run, "defaults.run", "shell", "working-directory");
        return new RunDefaults(Checked(yaml.TextOf(run, "shell")), Checked(yaml.TextOf(run, "working-directory")));
    }

    public Concurrency? Concurrency(YamlMappingNode map)
    {
        switch (YamlReader.Get(map, "concurrency"))
        {
            case null: return null;
            case YamlMappingNode node:
                yaml.AllowOnly(node, "concurrency", "group", "cancel-in-progress");
                var group = yaml.TextOf(node, "group") ?? throw yaml.Wrong(node, "concurrency needs a 'group'.");
                return new Concurrency(Checked(group)!, Checked(yaml.TextOf(node, "cancel-in-progress")));
            case { } name: return new Concurrency(Checked(yaml.Text(name, "concurrency"))!, null);
        }
    }

    public static SourceText? Checked(SourceText? text)
    {
        TextTemplate.Check(text);
        return text;
    }

    public static IReadOnlyDictionary<string, SourceText> Checked(IReadOnlyDictionary<string, SourceText> texts)
    {
        foreach (var text in texts.Values) TextTemplate.Check(text);
        return texts;
    }

    private Strategy? Strategy(YamlMappingNode map)
    {
        if (YamlReader.Get(map, "strategy") is not { } node) return null;
        var strategy = yaml.Map(node, "strategy");
        yaml.AllowOnly(strategy, "strategy", "matrix", "fail-fast", "max-parallel");
        return new Strategy(
            YamlReader.Get(strategy, "matrix"), Checked(yaml.TextOf(strategy, "fail-fast")),
            Checked(yaml.TextOf(strategy, "max-parallel")));
    }

    private IReadOnlyList<SourceText> RunsOn(YamlMappingNode map) => YamlReader.Get(map, "runs-on") switch
    {
        null => [],
        YamlMappingNode group => yaml.ListOf(group, "labels") ?? [],
        _ => yaml.ListOf(map, "runs-on") ?? [],
    };

    private static string? Unsupported(YamlMappingNode map)
    {
        if (YamlReader.Get(map, "container") is not null) return "not available locally: container";
        return YamlReader.Get(map, "services") is YamlMappingNode { Children.Count: > 0 } services
            ? $"not available locally: services ({string.Join(", ", services.Children.Keys)})"
            : null;
    }
}
