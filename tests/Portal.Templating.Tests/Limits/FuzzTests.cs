using System.Text;

namespace Portal.Templating.Tests.Limits;

/// <summary>Random garbage gives text or a <see cref="TemplateException"/>, never anything else.</summary>
public sealed class FuzzTests
{
    private static readonly string[] Pieces =
    [
        "${{", "}}", "{%", "%}", "{#", "#}", "-", "-%}", "{%-", " ", "\n", "\r\n", "\t", "(", ")", "[", "]", "{", "}",
        ",", ":", "|", ".", "~", "=", "==", "===", "!=", "<", ">", "+", "*", "/", "//", "**", "%",
        "'", "\"", "\\", "r/", "/g", "a+", "if", "elif", "else", "endif", "for", "in", "endfor", "set", "endset",
        "macro", "endmacro", "call", "endcall", "filter", "endfilter", "raw", "endraw", "switch", "case", "endswitch",
        "block", "endblock", "include", "import", "from", "as", "with context", "extends", "not", "and", "or", "is",
        "defined", "odd", "true", "none", "undefined", "x", "y", "list", "obj", "loop.index", "caller()", "super()",
        "upper", "replace('a', 'b')", "join", "dump", "sort", "default(1)", "batch(2)", "slice(3)", "round", "int",
        "truncate(3)", "indent", "list", "0", "1", "5", "1.5", "-1", "99999999999", "'abc'", "'é😀'", "[1,2]", "{a:1}",
        "m()", "range(3)",
        ".length", ".split('')", ".slice(-1)", ".pop()", ".toFixed(2)", ".padStart(9)", "\0", "\ud800", "é", "🙂", "$",
        "@",
    ];

    private static readonly TemplateEngine Engine = new(new TemplateEngineOptions
    {
        Limits = new TemplateLimits
        {
            MaxOutput = 100_000, MaxSteps = 20_000, MaxDepth = 20, Timeout = TimeSpan.FromSeconds(2)
        },
        Loader = new Conformance.MemoryLoader(new Dictionary<string, string> { ["abc"] = "${{ x }}" }),
    });

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Render_RandomPieces_ThrowsOnlyTemplateExceptions(int seed)
    {
        var random = new Random(seed);
        var rendered = 0;
        for (var round = 0; round < 5_000; round++) rendered += Try(RandomTemplate(random)) ? 1 : 0;

        Assert.InRange(rendered, 50, int.MaxValue);
    }

    [Fact]
    public void Render_MutatedCorpus_ThrowsOnlyTemplateExceptions()
    {
        var random = new Random(5);
        var sources = Conformance.CorpusCase.All.Values.Select(test => test.Template).ToList();
        for (var round = 0; round < 8_000; round++)
        {
            var source = new StringBuilder(sources[random.Next(sources.Count)]);
            for (var change = random.Next(1, 4); change > 0 && source.Length > 0; change--)
            {
                var at = random.Next(source.Length);
                _ = random.Next(3) switch
                {
                    0 => source.Remove(at, Math.Min(source.Length - at, random.Next(1, 4))),
                    1 => source.Insert(at, Pieces[random.Next(Pieces.Length)]),
                    _ => source.Insert(at, sources[random.Next(sources.Count)]),
                };
            }

            Try(source.ToString());
        }
    }

    private static string RandomTemplate(Random random)
    {
        var source = new StringBuilder();
        for (var count = random.Next(1, 14); count > 0; count--)
        {
            source.Append(random.Next(3) == 0 ? "${{ " : "").Append(Pieces[random.Next(Pieces.Length)])
                .Append(random.Next(3) == 0 ? " }}" : " ");
        }

        return source.ToString();
    }

    private static bool Try(string source)
    {
        try
        {
            Engine.Parse(source, "fuzz").Render(Rendered.Context(
                """{ "x": "abc", "y": 5, "list": [3, "b", null], "obj": { "a": 1 }, "name": "n", "n": 5 }"""));
            return true;
        }
        catch (TemplateException)
        {
            return false;
        }
        catch (Exception error)
        {
            Assert.Fail($"{error.GetType().Name} for: {source}\n{error}");
            return false;
        }
    }
}
