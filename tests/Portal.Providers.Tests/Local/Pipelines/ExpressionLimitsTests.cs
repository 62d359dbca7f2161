using System.Text;
using Portal.Providers.Local.Pipelines;
using Portal.Providers.Local.Pipelines.Expressions;
using Portal.Providers.Local.Pipelines.Workflows;

namespace Portal.Providers.Tests.Local.Pipelines;

/// <summary>
/// A few lines of a workflow cannot make gigabytes, nor keep a core busy: whoever tries is told the limit and the line.
/// </summary>
public sealed class ExpressionLimitsTests
{
    private static readonly string Long = new('x', 100_000);

    private static readonly string Values = $"fromJSON('[{string.Join(',', Enumerable.Repeat("1", 9_000))}]')";

    public static TheoryData<string, string> Hostile => new()
    {
        // Each line ten times the one before.
        { Nest("'{0}{0}{0}{0}{0}{0}{0}{0}{0}{0}'", 12), "more than 1000000 characters" },
        { $"format('{string.Concat(Enumerable.Repeat("{0}", 200))}', env.LONG)", "more than 1000000 characters" },
        { string.Concat(Enumerable.Repeat("toJSON(", 40)) + "'\"\"\"\"'" + new string(
            ')', 40), "more than 1000000 characters" },
        { $"join({Values}, env.LONG)", "more than 1000000 characters" },
        { $"join({Values}.*, env.LONG)", "more than 1000000 characters" },

        {
            $"toJSON(fromJSON(format('[{string.Join(',', Enumerable.Repeat("{0}", 400))}]', toJSON({Values}))))",
            "more than 1000000 characters"
        },

        {
            $"fromJSON(format('[{string.Join(',', Enumerable.Repeat("{0}", 15))}]', toJSON({Values})))",
            "more than 4000000 characters on its way"
        },
        { string.Join(" || ", Enumerable.Repeat(
            "format('{0}{0}{0}{0}', env.LONG) == 'y'", 20)), "more than 4000000 characters on its way" },
        { "contains(env.NEARLY, env.PART)", "more than 1000000 steps" },
        { string.Join(" || ", Enumerable.Repeat("contains(env.LIST, 'y')", 200)), "more than 1000000 steps" },
        { "a" + string.Concat(Enumerable.Repeat(".a", 10_000)), "more than 1000 parts" },
        { "1" + string.Concat(Enumerable.Repeat("||1", 6_000)), "more than 1000 parts" },
        { "a" + string.Concat(Enumerable.Repeat("[0]", 6_000)), "more than 1000 parts" },
        { new string('(', 10_000), "nested more than 50 deep" },
        { new string('!', 10_000) + "1", "nested more than 50 deep" },
        { $"'{new string('x', 21_000)}'", "longer than 21000 characters" },
    };

    [Theory]
    [MemberData(nameof(Hostile))]
    public void Evaluate_Hostile_IsRefusedBeforeItCosts(string expression, string words)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();

        var wrong = Assert.Throws<WorkflowException>(
            () => TextTemplate.Evaluate(new SourceText($"${{{{ {expression} }}}}", "ci.yml", 7), Scope()));

        Assert.Contains(words, wrong.Message, StringComparison.Ordinal);
        Assert.StartsWith("ci.yml, line 7: the expression '", wrong.Message, StringComparison.Ordinal);
        Assert.InRange(wrong.Message.Length, 0, 2_100);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 60_000_000);
    }

    [Fact]
    public void Evaluate_TextOfManyExpressions_CountsAllOfThem()
    {
        var text = string.Concat(Enumerable.Repeat("${{ env.LONG }}", 1_000));

        var wrong =
            Assert.Throws<WorkflowException>(() => TextTemplate.Render(new SourceText(text, "ci.yml", 3), Scope()));

        Assert.Contains("more than 1000000 characters", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Evaluate_ValuesThatGrowFromStepToStep_EndWithTheRun()
    {
        // As a run evaluates: each variable twice the one before, then all of them again.
        ExpressionBudget.BeginRun();
        var env = new ExprObject { ["V0"] = new string('x', 400_000) };
        var scope = new ExpressionScope(new Dictionary<string, object?> { ["env"] = env });
        var made = 0;

        var wrong = await Assert.ThrowsAsync<WorkflowException>(() => Task.Run(() =>
        {
            for (var i = 1; i < 10_000; i++) made +=
                TextTemplate.Render(new SourceText("x${{ env.V0 }}", "ci.yml", i), scope).Length;
        }));

        Assert.Contains(
            "of this run make more than 32000000 characters together", wrong.Message, StringComparison.Ordinal);
        Assert.InRange(made, 1, 33_000_000);
    }

    [Fact]
    public void Evaluate_LargeButMeant_Works()
    {
        var scope = Scope();

        Assert.Equal(
            300_000,
            TextTemplate.Render(new SourceText("${{ format('{0}{0}{0}', env.LONG) }}", "ci.yml", 1), scope).Length);
        Assert.Equal(true, TextTemplate.Evaluate(
            new SourceText("${{ contains(env.LONG, 'xxy') || contains(env.LONG, 'xxx') }}", "ci.yml", 1), scope));
        Assert.Equal(9_000.0, ((ExprArray)TextTemplate.Evaluate(
            new SourceText($"${{{{ {Values} }}}}", "ci.yml", 1), scope)!).Count + 0.0);
    }

    [Fact]
    public void Expand_MatrixOfManyAxes_IsRefusedBeforeItIsMade()
    {
        var matrix = new ExprObject();
        for (var i = 0; i < 12; i++) matrix[$"a{i}"] = List(30);
        var before = GC.GetAllocatedBytesForCurrentThread();

        var wrong = Assert.Throws<WorkflowException>(() => MatrixExpander.Expand(matrix, "ci.yml", 4));

        Assert.Contains("more than 256 jobs", wrong.Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 5_000_000);
    }

    [Theory]
    [InlineData(1, 100_000, "more than 5000 values")]
    [InlineData(1_000, 1, "more than 20 names")]
    public void Expand_MatrixOfManyValues_IsRefused(int axes, int values, string words)
    {
        var matrix = new ExprObject();
        for (var i = 0; i < axes; i++) matrix[$"a{i}"] = List(values);

        Assert.Contains(
            words, Assert.Throws<WorkflowException>(() => MatrixExpander.Expand(matrix, "ci.yml", 4)).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("deep", "nested more than 60 levels")]
    [InlineData("aliases", "more than 100000 values")]
    [InlineData("circle", "stands inside of what it stands for")]
    [InlineData("large", "larger than 1 MB")]
    [InlineData("jobs", "jobs has more than 256 entries")]
    [InlineData("env", "env has more than 1000 entries")]
    [InlineData("steps", "steps has more than 1000 entries")]
    [InlineData("paths", "paths has more than 100 entries")]
    [InlineData("pattern", "longer than 500 characters")]
    public void Parse_Hostile_IsRefusedWithTheLimit(string kind, string words)
    {
        const string Jobs = "jobs: { a: { runs-on: x, steps: [{ run: x }] } }\n";
        string Many(int count, Func<int, string> item) => string.Join(", ", Enumerable.Range(0, count).Select(item));
        var text = kind switch
        {
            "deep" => "on: push\nenv: " + new string('[', 200_000),
            "aliases" => "on: push\n" + string.Concat(Enumerable.Range(0, 12)
                .Select(i => i == 0 ? "a0: &a0 [x, x, x, x, x]\n" : $"a{i}: &a{i} [{Many(9, _ => $"*a{i - 1}")}]\n")),
            "circle" => "on: push\njobs: { a: { runs-on: x, strategy: { matrix: &m { a: [*m] } }, steps: [{ run: x }] } }\n",
            "large" => "on: push\n" + Jobs + "#" + new string('x', 1 << 20),
            "jobs" => $"on: push\njobs: {{ {Many(257, i => $"j{i}: {{ runs-on: x, steps: [{{ run: x }}] }}")} }}\n",
            "env" => $"on: push\nenv: {{ {Many(1_001, i => $"E{i}: x")} }}\n{Jobs}",
            "steps" => $"on: push\njobs: {{ a: {{ runs-on: x, steps: [{Many(1_001, _ => "{ run: x }")}] }} }}\n",
            "paths" => $"on: {{ push: {{ paths: [{Many(101, i => $"p{i}")}] }} }}\n{Jobs}",
            _ => $"on: {{ push: {{ paths: ['{new string('*', 501)}'] }} }}\n{Jobs}",
        };

        Assert.Contains(
            words, Assert.Throws<WorkflowException>(() => WorkflowParser.Parse("ci.yml", text)).Message,
            StringComparison.Ordinal);
    }

    private static ExpressionScope Scope() => new(new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase)
    {
        ["env"] = new ExprObject { ["LONG"] = Long, ["NEARLY"] = new string(
            'a', 500_000), ["PART"] = new string('a', 200_000) + "b", ["LIST"] = List(9_000) },
    });

    private static ExprArray List(int count)
    {
        var list = new ExprArray();
        list.AddRange(Enumerable.Repeat((object?)"x", count));
        return list;
    }

    private static string Nest(string format, int depth)
    {
        var made = new StringBuilder("env.LONG");
        for (var i = 0; i < depth; i++) made.Insert(0, $"format({format}, ").Append(')');
        return made.ToString();
    }
}
