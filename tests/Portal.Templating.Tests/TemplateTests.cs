using System.Collections.Concurrent;

namespace Portal.Templating.Tests;

/// <summary>The engine's own interface.</summary>
public sealed class TemplateTests
{
    [Theory]
    [InlineData("plain", true)]
    [InlineData("", true)]
    [InlineData("{ $ % } {{ x }}", true)]
    [InlineData("${{ 1 }}", false)]
    [InlineData("{# c #}", false)]
    [InlineData("{% if 1 %}{% endif %}", false)]
    public void IsLiteral_DependsOnDelimiters(string source, bool expected)
    {
        var template = Rendered.Engine.Parse(source, "a");
        Assert.Equal(expected, template.IsLiteral);
        Assert.Equal(expected, Rendered.Engine.IsLiteral(source));
        Assert.True(!expected || source == template.Render(new TemplateContext()));
    }

    [Theory]
    [InlineData("${{ [1, true] }}", """[1,true]""")]
    [InlineData("${{ {a: none} }}", """{"a":null}""")]
    [InlineData("${{ 3 }}", "3")]
    [InlineData("${{ 2.5 }}", "2.5")]
    [InlineData("${{ '3' }}", "\"3\"")]
    [InlineData("${{- 3 -}}", "3")]
    [InlineData("{# why #}${{ 3 }}", "3")]
    public void SingleExpression_OneExpression_KeepsItsType(string source, string json) =>
        Assert.Equal(json, Rendered.Engine.Parse(source, "a").SingleExpression!.Evaluate(new TemplateContext())
            .ToJsonNode()!.ToJsonString());

    [Theory]
    [InlineData(" ${{ 3 }}")]
    [InlineData("${{ 3 }} ")]
    [InlineData("${{ 3 }}${{ 4 }}")]
    [InlineData("3")]
    [InlineData("")]
    [InlineData("{% if 1 %}3{% endif %}")]
    [InlineData("{% filter upper %}x{% endfilter %}")]
    public void SingleExpression_AnythingElse_IsNull(
        string source) => Assert.Null(Rendered.Engine.Parse(source, "a").SingleExpression);

    [Fact]
    public void References_FindsStaticPathsOfRoots()
    {
        var template = Rendered.Engine.Parse(
            """
            ${{ parameters.name }} ${{ steps['read-file'].output.content | upper }}
            {% set local = values.a %}${{ local.b }}{% for x in values.list %}${{ x.y }}${{ loop.index }}{% endfor %}
            ${{ values.env.split(',') }} ${{ values[parameters.key].z }} {% if values.maybe %}{% endif %}
            ${{ 'text' }} ${{ user }} {% macro m(p) %}${{ p.q ~ secrets.token }}{% endmacro %}
            """,
            "a");
        Assert.Equal(
            ["parameters.name 1:5", "steps.read-file.output.content 1:28", "values.a 2:16", "values.list 2:53", "values.env 3:5", "values… 3:34", "parameters.key 3:41",
             "values.maybe? 3:68", "user 4:19", "secrets.token 4:53"],
            template.References.OrderBy(reference => reference.Line).ThenBy(reference => reference.Column)
                .Select(reference =>
                    $"{reference.Path}{(reference.IsPartial ? "…" : "")}{(reference.MayBeMissing ? "?" : "")} {reference.Line}:{reference.Column}"));
    }

    [Fact]
    public void References_OfExpression_AreFoundToo() =>
        Assert.Equal(
            "steps.a.output.b",
            Assert.Single(Rendered.Engine.ParseExpression("steps.a.output['b']", "a").References).Path);

    [Fact]
    public void ParseExpression_NotAnExpression_Fails()
    {
        Assert.Throws<TemplateException>(() => Rendered.Engine.ParseExpression("1 2", "a"));
        Assert.Throws<TemplateException>(() => Rendered.Engine.ParseExpression("", "a"));
        Assert.Throws<TemplateException>(() => Rendered.Engine.ParseExpression("1 }} x", "a"));
    }

    [Fact]
    public void Render_OneTemplateOnManyThreads_GivesEachItsOwnText()
    {
        var template = Rendered.Engine.Parse(
            "{% macro m(x) %}<${{ x }}>{% endmacro %}{% set s = 0 %}{% for i in range(50) %}{% set s = s + i * n %}${{ m(i * n) }}{% endfor %}${{ s }}",
            "a");
        var results = new ConcurrentDictionary<int, string>();
        Parallel.For(
            0, 200,
            number => results[number] = template.Render(new TemplateContext().Set("n", Value.From((double)number))));
        Assert.All(
            results,
            pair => Assert.EndsWith($"<{49 * pair.Key}>{1225 * pair.Key}", pair.Value, StringComparison.Ordinal));
    }

    [Fact]
    public void Render_Writer_ReceivesTextBeforeAnError()
    {
        using var writer = new StringWriter();
        Assert.ThrowsAny<TemplateException>(
            () => Rendered.Engine.Parse("start ${{ none() }}", "a").Render(writer, new TemplateContext()));
        Assert.Equal("start ", writer.ToString());
    }

    [Fact]
    public void Options_FiltersAndGlobals_AreReachable()
    {
        var engine = new TemplateEngine(new TemplateEngineOptions
        {
            Filters = new Dictionary<string, TemplateFunction>
            {
                ["base64"] = (_, args) => Value.From(
                    Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(args[0].ToString()))),
                ["fails"] = (call, _) => throw call.Fail("this is wrong"),
            },
            Globals = new Dictionary<string, Value> { ["year"] = Value.From(2026d), ["twice"] = Value.Function(
                "twice", (_, args) => Value.From(args[0].ToNumber() * 2)) },
        });
        Assert.Equal(
            "aGk= 2026 42",
            engine.Parse("${{ 'hi' | base64 }} ${{ year }} ${{ twice(21) }}", "a").Render(new TemplateContext()));
        Assert.Equal("a:1:11: this is wrong", Assert.Throws<TemplateException>(
            () => engine.Parse("${{ 'x' | fails }}", "a").Render(new TemplateContext())).Message);
    }

    [Theory]
    [InlineData("{%", "}}")]
    [InlineData("$", "}}")]
    [InlineData("${{", "%}")]
    public void Options_AmbiguousDelimiters_AreRefused(string start, string end) =>
        Assert.Throws<ArgumentException>(
            () => new TemplateEngine(new TemplateEngineOptions { VariableStart = start, VariableEnd = end }));

    [Fact]
    public void Render_ThousandSmallFiles_TakesAFractionOfASecond()
    {
        var sources = Enumerable.Range(0, 1000).Select(number =>
            $"# ${{{{ values.name }}}}\n{{% if values.docker %}}\nfile {number}: ${{{{ values.owner | upper }}}}\n{{% endif %}}\n{new string('x', 400)}\n").ToList();
        var context = Rendered.Context("""{ "values": { "name": "n", "owner": "o", "docker": true } }""");
        var best = TimeSpan.MaxValue;
        for (var round = 0; round < 5; round++)
        {
            var clock = System.Diagnostics.Stopwatch.StartNew();
            foreach (var source in sources) Rendered.Engine.Parse(source, "a").Render(context);

            best = clock.Elapsed < best ? clock.Elapsed : best;
        }

        // Far above what it takes (about 10 ms in a release build), so that a busy machine does not fail it.
        Assert.InRange(best.TotalMilliseconds, 0, 1000);
    }
}
