namespace Portal.Templating.Tests.Strictness;

/// <summary>What Nunjucks lets pass in silence is an error here, with its place and the nearest known name.</summary>
public sealed class StrictNamesTests
{
    private static TemplateException Fails(string template, TemplateContext context) =>
        Assert.ThrowsAny<TemplateException>(() => Rendered.Engine.Parse(template, "skeleton/a.txt").Render(context));

    [Theory]
    [InlineData("${{ paramters.name }}", "parameters", 1, 5)]
    [InlineData("a\n  ${{ valeus.x }}", "values", 2, 7)]
    [InlineData("${{ True }}", "true", 1, 5)]
    [InlineData("${{ rnage(3) }}", "range", 1, 5)]
    [InlineData("{% set total = 1 %}${{ totl }}", "total", 1, 24)]
    public void Render_UnknownName_NamesPlaceAndNearest(string template, string nearest, int line, int column)
    {
        var error = Rendered.Error(template, """{ "parameters": { "name": "x" }, "values": {} }""");
        Assert.Equal((nearest, line, column), (error.Suggestion, error.Line, error.Column));
        Assert.Contains($"Did you mean '{nearest}'?", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("${{ foo is defined }}")]
    [InlineData("${{ foo | default('x') }}")]
    [InlineData("{% if foo %}{% endif %}")]
    [InlineData("{% include 'a.txt' %}")]
    public void Render_UnknownNameEvenWhenTestedFor_Fails(
        string template) => Assert.True(Rendered.Error(template).Line > 0);

    [Theory]
    [InlineData("${{ 'x' | uper }}", "upper", 11)]
    [InlineData("${{ 'x' | now }}", null, 11)]
    [InlineData("{% if false %}${{ 'x' | uper }}{% endif %}", "upper", 25)]
    [InlineData("{% filter uper %}{% endfilter %}", "upper", 11)]
    [InlineData("${{ 1 is evn }}", "even", 10)]
    [InlineData("{% fro x in [] %}{% endfor %}", "for", 4)]
    public void Parse_UnknownFilterTestOrTag_FailsWithoutRendering(string template, string? nearest, int column)
    {
        var error = Assert.Throws<TemplateException>(() => Rendered.Engine.Parse(template, "a"));
        Assert.Equal((nearest, column), (error.Suggestion, error.Column));
    }

    [Theory]
    [InlineData("${{ 'x'.toUperCase() }}", "toUpperCase")]
    [InlineData("${{ [1].joyn() }}", "join")]
    public void Render_UnknownMethod_NamesNearest(
        string template, string nearest) => Assert.Equal(nearest, Rendered.Error(template).Suggestion);

    [Fact]
    public void Declare_UndeclaredMember_FailsWithNearest()
    {
        var context = Rendered.Context("""{ "parameters": { "name": "x" } }""").Declare(
            "parameters", ["name", "owner"]);
        var error = Fails("line\n${{ parameters.ownr }}", context);
        Assert.Equal("owner", error.Suggestion);
        Assert.Equal("skeleton/a.txt:2:15: 'parameters' has no 'ownr'. Did you mean 'owner'?", error.Message);
    }

    [Fact]
    public void Declare_DeclaredButAbsentMember_IsUndefined()
    {
        var context = Rendered.Context("""{ "parameters": {} }""").Declare("parameters", ["owner"]);
        Assert.Equal("[][d][true]", Rendered.Engine.Parse(
            "[${{ parameters.owner }}][${{ parameters.owner | default('d') }}][${{ parameters.owner is undefined }}]",
            "a").Render(context));
    }

    [Fact]
    public void Declare_AliasAndComputedMember_AreCheckedToo()
    {
        var context = Rendered.Context("""{ "parameters": {} }""").Declare("parameters", ["owner"]);
        Assert.Equal("owner", Fails("{% set p = parameters %}${{ p.ownr }}", context).Suggestion);
        Assert.Equal("owner", Fails("${{ parameters['ow' ~ 'nr'] }}", context).Suggestion);
    }

    [Fact]
    public void Declare_NestedPath_ChecksThatObject()
    {
        var context = Rendered.Context("""{ "steps": { "publish": { "output": { "remoteUrl": "u" } } } }""")
            .Declare("steps", ["publish"]).Declare("steps.publish.output", ["remoteUrl", "commitHash"]);
        Assert.Equal("u", Rendered.Engine.Parse(
            "${{ steps.publish.output.remoteUrl }}${{ steps['publish'].output.commitHash }}", "a").Render(context));
        Assert.Equal("remoteUrl", Fails("${{ steps.publish.output.remoteURI }}", context).Suggestion);
        Assert.Equal("publish", Fails("${{ steps.pubish.output.x }}", context).Suggestion);
    }

    [Fact]
    public void Declare_SharedValue_IsNotChanged()
    {
        var shared = Rendered.Evaluate("{a: 1}");
        new TemplateContext().Set("parameters", shared).Declare("parameters", ["a"]);
        Assert.Equal(
            "", Rendered.Engine.Parse("${{ other.b }}", "a").Render(new TemplateContext().Set("other", shared)));
    }

    [Fact]
    public void WarnWhenMissing_WrittenMember_WarnsOnceAndRendersEmpty()
    {
        var warnings = new List<TemplateWarning>();
        var context = new TemplateContext { OnWarning = warnings.Add }.WarnWhenMissing("values");
        Assert.Equal(
            "[][]",
            Rendered.Engine.Parse("{% for i in [1,2] %}[${{ values.nmae }}]{% endfor %}", "a.txt").Render(context));
        var warning = Assert.Single(warnings);
        Assert.Equal(("a.txt", 1, 32), (warning.Name, warning.Line, warning.Column));
        Assert.Contains("values.nmae", warning.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{% if values.x %}{% endif %}")]
    [InlineData("{% if not values.x and values.y == 1 %}{% endif %}")]
    [InlineData("${{ values.x | default('a') }}")]
    [InlineData("${{ values.x is defined }}")]
    [InlineData("${{ 'a' if values.x else 'b' }}")]
    [InlineData("${{ values.x or 'b' }}")]
    public void WarnWhenMissing_TemplateIsPrepared_DoesNotWarn(string template)
    {
        var warnings = new List<TemplateWarning>();
        Rendered.Engine.Parse(template, "a")
            .Render(new TemplateContext { OnWarning = warnings.Add }.WarnWhenMissing("values"));
        Assert.Empty(warnings);
    }

    [Theory]
    [InlineData("${{ {a: 1} }}", "dump")]
    [InlineData("{% for x in {a: 1} %}{% endfor %}", "key, value")]
    public void Render_ProbableMistake_Warns(string template, string hint)
    {
        var warnings = new List<TemplateWarning>();
        Rendered.Engine.Parse(template, "a").Render(new TemplateContext { OnWarning = warnings.Add });
        Assert.Contains(hint, Assert.Single(warnings).Message, StringComparison.Ordinal);
    }
}
