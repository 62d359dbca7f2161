using Portal.Providers.Local.Pipelines.Expressions;
using YamlDotNet.RepresentationModel;

namespace Portal.Providers.Local.Pipelines.Workflows;

internal sealed class StepParser(YamlReader yaml)
{
    public List<Step> Read(YamlNode node)
    {
        if (node is not YamlSequenceNode { Children.Count: > 0 } list)
        {
            throw yaml.Wrong(node, "'steps' must be a list with at least one step.");
        }
        var steps = yaml.Few(list, list.Children, "steps").Select(ReadOne).ToList();
        var ids = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var step in steps)
        {
            if (step.Id is { } id && !ids.Add(id))
            {
                throw new WorkflowException(yaml.File, step.Line, $"the id '{id}' is used by two steps.");
            }
        }

        return steps;
    }

    private Step ReadOne(YamlNode node)
    {
        var map = yaml.Map(node, "a step");
        yaml.AllowOnly(
            map, "a step", "id", "name", "if", "uses", "run", "shell", "working-directory", "with", "env",
            "continue-on-error", "timeout-minutes");
        var (uses, run) = (yaml.TextOf(map, "uses"), yaml.TextOf(map, "run"));
        if (uses is null == run is null) throw yaml.Wrong(node, "a step needs either 'run' or 'uses'.");
        if (uses is { HasExpression: true }) throw yaml.Wrong(node, "'uses' cannot hold an expression.");
        var id = yaml.TextOf(map, "id")?.Text;
        if (id is not null && !WorkflowParser.IdPattern().IsMatch(id))
        {
            throw yaml.Wrong(node, $"'{id}' cannot be a step's id: letters, digits, - and _ only.");
        }
        var condition = yaml.TextOf(map, "if");
        TextTemplate.Check(condition, condition: true);
        return new Step(
            (int)node.Start.Line, yaml.File, id, JobParser.Checked(yaml.TextOf(map, "name")), condition, uses,
            JobParser.Checked(run),
            JobParser.Checked(yaml.TextOf(map, "shell")), JobParser.Checked(yaml.TextOf(
                map, "working-directory")), JobParser.Checked(yaml.MapOf(map, "with")),
            JobParser.Checked(yaml.MapOf(map, "env")), JobParser.Checked(yaml.TextOf(map, "continue-on-error")),
            JobParser.Checked(yaml.TextOf(map, "timeout-minutes")));
    }
}
