using System.Diagnostics;

namespace Portal.Templating.Tests.Limits;

/// <summary>A hostile template ends with a clear error: soon, and with the process alive.</summary>
public sealed class LimitTests
{
    private static readonly TemplateEngine Small = new(new TemplateEngineOptions
    {
        Limits = new TemplateLimits
        {
            MaxOutput = 10_000, MaxSteps = 10_000, MaxDepth = 20, Timeout = TimeSpan.FromSeconds(5)
        },
    });

    [Theory]
    [InlineData("{% for i in range(9000) %}${{ 'abcdefghij' }}{% endfor %}")]
    [InlineData("${{ 'x'.repeat(20000) }}")]
    [InlineData("${{ 'x'.padStart(1000000000) }}")]
    [InlineData("${{ 'x'.padEnd(2147483647, 'ab') }}")]
    [InlineData("${{ 'x' | center(1000000000) }}")]
    [InlineData("${{ 'x' | indent(1000000000, true) }}")]
    [InlineData("${{ 'a\\nb' | indent(100000) }}")]
    [InlineData("{% set s = 'x' %}{% for i in range(40) %}{% set s = s ~ s %}{% endfor %}")]
    [InlineData("{% set s = 'x' %}{% for i in range(40) %}{% set s = s.concat(s) %}{% endfor %}")]
    [InlineData("{% set s = 'x' %}{% for i in range(40) %}{% set s = s | replace('x', 'xx') %}{% endfor %}")]
    [InlineData("{% set s = 'x' %}{% for i in range(40) %}{% set s %}${{ s }}${{ s }}{% endset %}{% endfor %}")]
    [InlineData("{% set a = ['x'] %}{% for i in range(40) %}{% set a = a.concat(a) %}{% endfor %}")]
    [InlineData("{% set a = 'x' %}{% for i in range(60) %}{% set a = [a, a] %}{% endfor %}${{ a }}")]
    [InlineData("{% set a = 'x' %}{% for i in range(60) %}{% set a = [a, a] %}{% endfor %}${{ a | dump }}")]
    [InlineData("${{ range(100000) }}")]
    [InlineData("${{ range(0, 1, 0.00000000001) }}")]
    [InlineData("${{ range(1 / 0) }}")]
    [InlineData("${{ range(9007199254740992, 9007199254740999) }}")]
    [InlineData("${{ [1] | batch(1000000000, 'x') }}")]
    [InlineData("${{ [1] | slice(1000000000) }}")]
    [InlineData("{% for i in range(200) %}{% for j in range(200) %}{% endfor %}{% endfor %}")]
    [InlineData("{% set a = [1] %}{% for i in a %}{% set _ = a.push(1) %}{% endfor %}")]
    [InlineData("{% macro m() %}${{ m() }}{% endmacro %}${{ m() }}")]
    [InlineData("{% set a = [] %}{% set _ = a.push(a) %}${{ a }}")]
    [InlineData("{% set a = [] %}{% set _ = a.push(a) %}${{ a | dump }}")]
    [InlineData("{% set a = [] %}{% set _ = a.push(a) %}${{ a.flat(1 / 0) }}")]
    [InlineData("${{ 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!' | replace(r/(a+)+$/, '') }}")]
    [InlineData("${{ r/^(a|aa)+$/.test('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!') }}")]
    public void Render_BeyondALimit_ThrowsLimitException(string template)
    {
        var clock = Stopwatch.StartNew();
        var error =
            Assert.Throws<TemplateLimitException>(() => Small.Parse(template, "a").Render(new TemplateContext()));
        Assert.True(error.Line > 0);
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 20);
    }

    [Fact]
    public void Render_SelfInclude_EndsAtTheDepthLimit()
    {
        var files = new Dictionary<string, string> { ["a"] = "{% include 'a' %}", ["b"] = "{% extends 'b' %}" };
        var engine = new TemplateEngine(new TemplateEngineOptions { Loader = new Conformance.MemoryLoader(files) });
        Assert.Throws<TemplateLimitException>(() => engine.Parse(files["a"], "main").Render(new TemplateContext()));
        Assert.Throws<TemplateLimitException>(() => engine.Parse(files["b"], "main").Render(new TemplateContext()));
    }

    [Fact]
    public void Render_ManyIncludesOneAfterTheOther_AreNotDepth()
    {
        var files = new Dictionary<string, string>
        {
            ["base"] = "{% block b %}{% endblock %}.", ["child"] = "{% extends 'base' %}"
        };
        var engine = new TemplateEngine(new TemplateEngineOptions { Loader = new Conformance.MemoryLoader(files) });
        Assert.Equal(500, engine.Parse("{% for i in range(500) %}{% include 'child' %}{% endfor %}", "main").Render(
            new TemplateContext()).Length);
    }

    [Fact]
    public void Render_LongerThanTheTimeout_Throws()
    {
        var engine = new TemplateEngine(new TemplateEngineOptions
        {
            Limits = new TemplateLimits { MaxSteps = int.MaxValue, Timeout = TimeSpan.FromMilliseconds(50) },
        });
        var template = engine.Parse(
            "{% for i in range(100000) %}{% for j in range(100000) %}{% endfor %}{% endfor %}", "a");
        Assert.Throws<TemplateLimitException>(() => template.Render(new TemplateContext()));
    }

    [Fact]
    public void Render_Cancelled_Throws()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        var template = Rendered.Engine.Parse("{% for i in range(1000) %}x{% endfor %}", "a");
        Assert.Throws<OperationCanceledException>(
            () => template.Render(new TemplateContext { Cancellation = source.Token }));
    }

    public static TheoryData<string, string, string> Nestings => new()
    {
        { "${{ ", "(", "" },
        { "${{ ", "[", "" },
        { "${{ ", "{a:", "" },
        { "${{ ", "- ", "" },
        { "${{ ", "not ", "1" },
        { "${{ a", "[a", "" },
        { "${{ a", "(a", "" },
        { "${{ a", ".b", " }}" },
        { "${{ a", "[0]", " }}" },
        { "${{ a", "()", " }}" },
        { "${{ 1", " | string", " }}" },
        { "${{ 1", " + 1", " }}" },
        { "${{ 1", " ~ 1", " }}" },
        { "${{ 1", " and 1", " }}" },
        { "${{ 1", " == 1", " }}" },
        { "${{ 1", " ** 1", " }}" },
        { "${{ 1", " in [1]", " }}" },
        { "${{ 1", " if 1 else 1", " }}" },
        { "", "{% if 1 %}", "" },
        { "", "{% for a in b %}", "" },
        { "", "{% set a %}", "" },
        { "", "{% filter upper %}", "" },
        { "", "{% macro a() %}", "" },
        { "", "{% call a() %}", "" },
        { "", "{% block a %}", "" },
        { "", "{% switch a %}{% case 1 %}", "" },
        { "", "{% raw %}", "" },
        { "", "{#", "" },
        { "", "${{", "" },
        { "", "{%", "" },
        { "{% if 1 %}", "{% elif 1 %}", "" },
    };

    [Theory]
    [MemberData(nameof(Nestings))]
    public void Parse_DeepOrEndless_ThrowsTemplateException(string start, string repeated, string end)
    {
        var source = start + string.Concat(Enumerable.Repeat(repeated, 50_000)) + end;
        var clock = Stopwatch.StartNew();
        OnSmallStack(() => Assert.ThrowsAny<TemplateException>(
            () => Rendered.Engine.Parse(source, "a").Render(Rendered.Context("""{ "a": null }"""))));
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 20);
    }

    [Fact]
    public void Render_NestedWithinTheLimits_Works() => OnSmallStack(() =>
    {
        var nested = string.Concat(Enumerable.Repeat("{% if 1 %}", 60)) + "x" + string.Concat(
            Enumerable.Repeat("{% endif %}", 60));
        Assert.Equal("x", Rendered.Text(nested));
        Assert.Equal("1", Rendered.Text("${{ " + new string('(', 60) + "1" + new string(')', 60) + " }}"));
        Assert.Equal("301", Rendered.Text("${{ 1" + string.Concat(Enumerable.Repeat(" + 1", 300)) + " }}"));
    });

    [Fact]
    public void Render_DeepMacrosInDeepTags_NeverOverflowTheStack() => OnSmallStack(() =>
    {
        var body = string.Concat(Enumerable.Repeat("{% if 1 %}", 90)) + "${{ m(n + 1) }}" + string.Concat(
            Enumerable.Repeat("{% endif %}", 90));
        var engine =
            new TemplateEngine(new TemplateEngineOptions { Limits = new TemplateLimits { MaxDepth = 100_000 } });
        Assert.Throws<TemplateLimitException>(() => engine.Parse(
            "{% macro m(n) %}" + body + "{% endmacro %}${{ m(0) }}", "a").Render(new TemplateContext()));
    });

    // Requests run on threads whose stack is far smaller than the main thread's.
    private static void OnSmallStack(Action action)
    {
        Exception? failure = null;
        var thread = new Thread(
            () =>
            {
                try
                {
                    action();
                }
                catch (Exception error)
                {
                    failure = error;
                }
            },
            512 * 1024);
        thread.Start();
        thread.Join();
        Assert.Null(failure);
    }
}
