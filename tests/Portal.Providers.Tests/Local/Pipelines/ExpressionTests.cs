using Portal.Providers.Local.Pipelines;
using Portal.Providers.Local.Pipelines.Expressions;

namespace Portal.Providers.Tests.Local.Pipelines;

public sealed class ExpressionTests
{
    private static readonly ExpressionScope Scope =
        new(new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase)
        {
            ["github"] = new ExprObject { ["ref"] = "refs/heads/main", ["event"] = Coercion.FromJson(
                """{"commits":[{"id":"a"},{"id":"b"},{"other":1}],"number":7}""", new ExpressionBudget()) },
            ["env"] = new ExprObject { ["EMPTY"] = "", ["NAME"] = "World" },
            ["steps"] =
                new ExprObject { ["my-step"] = new ExprObject { ["outputs"] = new ExprObject { ["x"] = "1" } } },
        });

    [Theory]
    [InlineData("1 + 1", null)]
    [InlineData("'abc' == 'ABC'", true)]
    [InlineData("'1' == 1", true)]
    [InlineData("true == 1", true)]
    [InlineData("null == 0", true)]
    [InlineData("'' == 0", true)]
    [InlineData("'abc' == 0", false)]
    [InlineData("NaN == NaN", false)]
    [InlineData("'abc' != 'abd'", true)]
    [InlineData("1 < 'abc'", false)]
    [InlineData("1 >= 'abc'", false)]
    [InlineData("'a' < 'B'", true)]
    [InlineData("0xff == 255", true)]
    [InlineData("-2.5e1 <= -25", true)]
    [InlineData("!env.EMPTY", true)]
    [InlineData("!!'x'", true)]
    [InlineData("1 == 1 && 2 == 2 || false", true)]
    [InlineData("false && fromJSON('not json')", false)]
    [InlineData("github == github", true)]
    [InlineData("github.event == fromJSON('{}')", false)]
    public void Evaluate_Operators_AnswerAsAtGitHub(string expression, object? expected)
    {
        if (expected is null) Assert.Throws<WorkflowException>(() => Evaluate(expression));
        else Assert.Equal(expected, Evaluate(expression));
    }

    [Theory]
    [InlineData("env.NAME || 'nobody'", "World")]
    [InlineData("env.EMPTY || 'nobody'", "nobody")]
    [InlineData("env.MISSING.deeper", "")]
    [InlineData("env['name']", "World")]
    [InlineData("steps.my-step.outputs.x", "1")]
    [InlineData("github.event.commits[1].id", "b")]
    [InlineData("github.event.commits[9].id", "")]
    [InlineData("join(github.event.commits.*.id, '+')", "a+b")]
    [InlineData("github.event.number", "7")]
    [InlineData("1.50", "1.5")]
    [InlineData("1e3", "1000")]
    [InlineData("true", "true")]
    [InlineData("null", "")]
    [InlineData("github", "Object")]
    [InlineData("github.event.commits", "Array")]
    [InlineData("'it''s'", "it's")]
    [InlineData("'}}'", "}}")]
    [InlineData("contains('Hello', 'ELL')", "true")]
    [InlineData("contains(fromJSON('[\"a\",1]'), '1')", "true")]
    [InlineData("contains(fromJSON('[\"ab\"]'), 'a')", "false")]
    [InlineData("startsWith(github.ref, 'refs/HEADS/')", "true")]
    [InlineData("endsWith(github.ref, 'x')", "false")]
    [InlineData("format('{{0}} {0} {1}{0}', 'a', 2)", "{0} a 2a")]
    [InlineData("join('one')", "one")]
    [InlineData("fromJSON('{\"a\":[1,2]}').a[1]", "2")]
    [InlineData("toJSON(fromJSON('[1,null,\"x\"]'))", "[\n  1,\n  null,\n  \"x\"\n]")]
    [InlineData("(1 == 2 || 'x') && 'y'", "y")]
    public void Render_ValuesAndFunctions_BecomeTheTextThatGitHubGives(string expression, string expected) =>
        Assert.Equal(expected, TextTemplate.Render(At($"${{{{ {expression} }}}}"), Scope));

    [Theory]
    [InlineData("${{ }}", "ends too early")]
    [InlineData("${{ \"x\" }}", "texts are written in single quotes")]
    [InlineData("${{ 'x }}", "is not closed with '}}'")]
    [InlineData("${{ frobnicate() }}", "there is no function 'frobnicate'")]
    [InlineData("${{ contains('a') }}", "contains() takes 2 arguments, not 1")]
    [InlineData("${{ (1 == 1 }}", "a ')' is missing at the end")]
    [InlineData("${{ nowhere.x }}", "'nowhere' is not known here; known are env, github, steps")]
    [InlineData("${{ fromJSON('{') }}", "not JSON")]
    [InlineData("${{ format('{1}', 'x') }}", "does not fit its 1 arguments")]
    [InlineData("${{ hashFiles('**') }}", "only be used in a step")]
    [InlineData("${{ 1x }}", "'1x' is not a number")]
    [InlineData("${{ a b }}", "'b' is not expected at position 4")]
    public void Render_Mistake_NamesFileLineAndReason(string text, string reason)
    {
        var wrong = Assert.Throws<WorkflowException>(() => TextTemplate.Render(At(text), Scope));
        Assert.StartsWith(".github/workflows/ci.yml, line 7: ", wrong.Message, StringComparison.Ordinal);
        Assert.Contains(reason, wrong.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("true", "Success", true)]
    [InlineData("true", "Failure", false)]
    [InlineData("always()", "Failure", true)]
    [InlineData("failure()", "Failure", true)]
    [InlineData("failure()", "Success", false)]
    [InlineData("!cancelled()", "Failure", true)]
    [InlineData("cancelled()", "Cancelled", true)]
    [InlineData("${{ success() }} ", "Skipped", true)]
    [InlineData("success()", "Skipped", false)]
    [InlineData("env.EMPTY", "Success", false)]
    [InlineData("", "Success", true)]
    [InlineData(null, "Failure", false)]
    public void Condition_WithAndWithoutStatusFunctions_DecidesAsAtGitHub(
        string? condition, string status, bool expected) =>
        Assert.Equal(expected, TextTemplate.Condition(
            condition is null ? null : At(condition), Scope with { Status = Enum.Parse<RunningStatus>(status) }));

    [Fact]
    public void Parse_DeepNesting_IsRefusedNotAStackOverflow()
    {
        var wrong =
            Assert.Throws<WorkflowException>(() => Evaluate(new string('(', 5000) + "1" + new string(')', 5000)));
        Assert.Contains("nested more than 50 deep", wrong.Message, StringComparison.Ordinal);
    }

    private static object? Evaluate(string expression) => TextTemplate.Evaluate(At($"${{{{ {expression} }}}}"), Scope);

    private static SourceText At(string text) => new(text, ".github/workflows/ci.yml", 7);
}
