using Portal.Templating.Tests.Conformance;

namespace Portal.Templating.Tests.Strictness;

/// <summary>
/// One test for each deliberate difference that docs/template-engine.md lists, beside the unknown names.
/// </summary>
public sealed class DifferencesTests
{
    [Theory]
    [InlineData("${{ {}.constructor }}")]
    [InlineData("${{ 'x'.constructor }}")]
    [InlineData("${{ [].__proto__ }}")]
    [InlineData("${{ (1).prototype }}")]
    [InlineData("${{ range.constructor }}")]
    [InlineData("${{ {}.toString }}")]
    public void Render_PrototypeMember_IsUndefined(string template) => Assert.Equal("", Rendered.Text(template));

    [Fact]
    public void Render_ConstructorCalled_Fails() =>
        Assert.Contains(
            "constructor", Rendered.Error("${{ ''.constructor.constructor('return 1')() }}").Message,
            StringComparison.Ordinal);

    [Fact]
    public void Render_ProtoKey_IsAnOrdinaryKey() =>
        Assert.Equal("""{"__proto__":1}""", Rendered.Text("""${{ {"__proto__": 1} | dump }}"""));

    [Fact]
    public void Render_InWithPrototypeName_IsFalse() => Assert.Equal("false", Rendered.Text("${{ 'toString' in {} }}"));

    [Fact]
    public void Render_FunctionAsText_FailsAndTellsToCallIt() =>
        Assert.Contains("toUpperCase()", Rendered.Error("${{ 'x'.toUpperCase }}").Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("{% raw %}text")]
    [InlineData("{% raw %}text{%- endraw %}")]
    [InlineData("{% verbatim %}text")]
    public void Parse_RawNotClosed_Fails(string template) => Assert.Equal(1, Rendered.Error(template).Column);

    [Theory]
    [InlineData("{% set v = parameters.list.push(4) %}")]
    [InlineData("{% set v = parameters.list.sort() %}")]
    [InlineData("{% set v = parameters.list.reverse() %}")]
    public void Render_ChangeOfGivenList_Fails(string template) =>
        Assert.Contains(
            "slice()", Rendered.Error(template, """{ "parameters": { "list": [1] } }""").Message,
            StringComparison.Ordinal);

    [Fact]
    public void Render_CallBlock_SeesTheVariablesWhereItIsWritten() =>
        Assert.Equal("1:1 2:2 ", Rendered.Text(
            "{% macro m() %}${{ caller() }} {% endmacro %}{% for x in [1,2] %}{% set y = x %}{% call m() %}${{ y }}:${{ loop.index }}{% endcall %}{% endfor %}"));

    [Fact]
    public void Render_ElseOfInnerLoop_ForgetsTheRoundBefore() =>
        Assert.Equal("1;none;", Rendered.Text(
            "{% for xs in [[1], none] %}{% for x in xs %}${{ x }}{% else %}none{% endfor %};{% endfor %}"));

    [Fact]
    public void Parse_TestWithTwoArguments_Fails() => Assert.Equal(10, Rendered.Error("${{ 1 is eq(1, 2) }}").Column);

    [Fact]
    public void Render_NormalizeOutsideOfAscii_Fails() =>
        Assert.Contains("normalize", Rendered.Error("${{ 'é'.normalize('NFD') }}").Message, StringComparison.Ordinal);

    [Fact]
    public void Render_ImportWithoutContext_NamesTheWayOut()
    {
        var engine = new TemplateEngine(new TemplateEngineOptions
        {
            Loader =
                new MemoryLoader(new Dictionary<string, string> { ["m"] = "{% macro m() %}${{ name }}{% endmacro %}" }),
        });
        var template = engine.Parse("{% import 'm' as m %}${{ m.m() }}", "main");
        var error = Assert.ThrowsAny<TemplateException>(() => template.Render(Rendered.Context("""{ "name": "x" }""")));
        Assert.Equal(("m", 1), (error.Name, error.Line));
        Assert.Contains("with context", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../secret")]
    [InlineData("/etc/passwd")]
    [InlineData("a/../../b")]
    [InlineData("C:/x")]
    [InlineData("a\\\\b")]
    public void Render_IncludeOutOfTheFolder_Fails(string path)
    {
        var engine = new TemplateEngine(
            new TemplateEngineOptions { Loader = new MemoryLoader(new Dictionary<string, string>()) });
        var error = Assert.ThrowsAny<TemplateException>(
            () => engine.Parse($"{{% include '{path}' ignore missing %}}", "main").Render(new TemplateContext()));
        Assert.Contains("folder", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_Random_ChoosesAlikeForOneSeed()
    {
        var template = Rendered.Engine.Parse("${{ range(1000000 // 2) | random }}", "a");
        Assert.Equal(
            template.Render(new TemplateContext { RandomSeed = 7 }),
            template.Render(new TemplateContext { RandomSeed = 7 }));
        Assert.NotEqual(
            template.Render(new TemplateContext { RandomSeed = 7 }),
            template.Render(new TemplateContext { RandomSeed = 8 }));
    }
}
