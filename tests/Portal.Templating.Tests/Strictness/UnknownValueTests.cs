namespace Portal.Templating.Tests.Strictness;

/// <summary>Values that only the run will know spread, show as such, and stop decisions.</summary>
public sealed class UnknownValueTests
{
    private const string Marker = "(known after the run)";

    private static TemplateContext Context() => new TemplateContext()
        .Set("u", Value.Unknown("steps.publish.output"))
        .Set("o", Value.From(
            new ObjectValue().Set("url", Value.Unknown("steps.publish.output.url")).Set("name", Value.From("n"))))
        .Set("list", Value.From(new ArrayValue([Value.From("a"), Value.Unknown("steps.x")])));

    [Theory]
    [InlineData("u + 1")]
    [InlineData("u.deep.member[0]")]
    [InlineData("u | upper")]
    [InlineData("'x' | replace('x', u)")]
    [InlineData("u.split('/')")]
    [InlineData("u == 'x'")]
    [InlineData("not u")]
    [InlineData("-u")]
    [InlineData("u is defined")]
    [InlineData("u in [1]")]
    [InlineData("'a' in u")]
    [InlineData("list | join(',')")]
    [InlineData("o | dump")]
    [InlineData("list | length == u")]
    [InlineData("'abc'.includes(u)")]
    [InlineData("[1, 2].includes(u)")]
    [InlineData("list | sort")]
    [InlineData("list | select('string')")]
    [InlineData("[list] == 'x'")]
    [InlineData("o.url | default('x')")]
    [InlineData("range(u)")]
    [InlineData("true and u")]
    public void Evaluate_UnknownOperand_IsUnknown(string expression)
    {
        var value = Rendered.Evaluate(expression, Context());
        Assert.True(value.IsUnknown);
        Assert.StartsWith("steps.", value.UnknownDescription, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("list | length", "2")]
    [InlineData("list | first", "a")]
    [InlineData("o.name", "n")]
    [InlineData("o.name | default(u)", "n")]
    [InlineData("false and u", "false")]
    [InlineData("true or u", "true")]
    [InlineData("'x' if true else u", "x")]
    public void Evaluate_UnknownNotNeeded_IsKnown(string expression, string expected) =>
        Assert.Equal(expected, Rendered.Evaluate(expression, Context()).ToString());

    [Theory]
    [InlineData("a ${{ u }} b", "a " + Marker + " b")]
    [InlineData("${{ 'https://' ~ u ~ '/x' }}", "https://" + Marker + "/x")]
    [InlineData("${{ 'a' + u }}", "a" + Marker)]
    [InlineData("${{ list }}", Marker)]
    [InlineData("{% set x %}<${{ u }}>{% endset %}${{ x }}", "<" + Marker + ">")]
    [InlineData("{% macro m(v) %}[${{ v }}]{% endmacro %}${{ m(u) }}", "[" + Marker + "]")]
    [InlineData("{% set a = [] %}{% set _ = a.push(u) %}${{ a.length }}${{ a[0] }}", "1" + Marker)]
    [InlineData("{% for x in list %}${{ x }},{% endfor %}", "a," + Marker + ",")]
    public void Render_UnknownWritten_ShowsTheMarkerAndTellsTheContext(string template, string expected)
    {
        var context = Context();
        Assert.Equal(expected, Rendered.Engine.Parse(template, "a").Render(context));
        Assert.True(context.SawUnknown);
    }

    [Fact]
    public void Render_NothingUnknownWritten_LeavesTheFlag()
    {
        var context = Context();
        Rendered.Engine.Parse("${{ o.name }}{% set x = u %}", "a").Render(context);
        Assert.False(context.SawUnknown);
    }

    [Theory]
    [InlineData("{% if u %}{% endif %}")]
    [InlineData("{% if u == 'x' %}{% endif %}")]
    [InlineData("{% if false %}{% elif not u %}{% endif %}")]
    [InlineData("{% for x in u %}{% endfor %}")]
    [InlineData("{% switch u %}{% case 1 %}{% endswitch %}")]
    [InlineData("${{ 'a' if u else 'b' }}")]
    [InlineData("${{ u or 'x' }}")]
    [InlineData("${{ u and 'x' }}")]
    [InlineData("{% set t %}${{ u }}{% endset %}{% if t == 'x' %}{% endif %}")]
    [InlineData("{% macro m(v) %}{% if v %}a{% endif %}{% endmacro %}${{ m(u) }}")]
    public void Render_DecisionOnUnknown_Throws(string template)
    {
        var error = Assert.Throws<UnknownValueException>(() => Rendered.Engine.Parse(template, "a").Render(Context()));
        Assert.StartsWith("steps.publish.output", error.Description, StringComparison.Ordinal);
        Assert.Equal(("a", 1), (error.Name, error.Line));
    }

    [Fact]
    public void ToJsonNode_HoldsUnknown_ThrowsOrShows()
    {
        var value = Rendered.Evaluate("{a: o.url, b: [1]}", Context());
        Assert.Throws<UnknownValueException>(() => value.ToJsonNode());
        Assert.Equal("""{"a":"(known after the run)","b":[1]}""", value.ToJsonNode(showUnknown: true)!.ToJsonString());
    }
}
