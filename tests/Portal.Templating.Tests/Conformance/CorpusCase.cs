using System.Text.Json;
using System.Text.Json.Nodes;

namespace Portal.Templating.Tests.Conformance;

/// <summary>One template of the corpus with what it is rendered with.</summary>
public sealed record CorpusCase(
    string Template,
    JsonObject? Context = null,
    Dictionary<string, string>? Files = null,
    string[]? Unset = null,
    bool TrimBlocks = false,
    bool LstripBlocks = false,
    bool Braces = false)
{
    private static readonly JsonSerializerOptions Json =
        new(JsonSerializerDefaults.Web) { ReadCommentHandling = JsonCommentHandling.Skip };

    /// <summary>All cases by <c>file/number template</c>.</summary>
    public static IReadOnlyDictionary<string, CorpusCase> All { get; } = Load();

    public string Render()
    {
        var engine = new TemplateEngine(new TemplateEngineOptions
        {
            TrimBlocks = TrimBlocks,
            LstripBlocks = LstripBlocks,
            VariableStart = Braces ? "{{" : "${{",
            Loader = new MemoryLoader(Files ?? []),
        });
        var context = new TemplateContext();
        foreach (var (name, value) in Context ?? []) context.Set(name, Value.From(value));

        foreach (var name in Unset ?? []) context.Set(name, Value.Undefined);

        return engine.Parse(Template, "main").Render(context);
    }

    private static Dictionary<string, CorpusCase> Load()
    {
        var cases = new Dictionary<string, CorpusCase>(StringComparer.Ordinal);
        foreach (var file in Directory.GetFiles(Path.Combine(TestProject.Folder, "corpus"), "*.json")
            .Order(StringComparer.Ordinal))
        {
            var document = JsonNode.Parse(File.ReadAllText(file))!;
            var shared = document["context"]?.AsObject();
            foreach (var (item, index) in document["cases"]!.AsArray().Select((item, index) => (item, index)))
            {
                var test = item.Deserialize<CorpusCase>(Json)!;
                var merged = shared is null ? new JsonObject() : shared.DeepClone().AsObject();
                foreach (var (name, value) in test.Context ?? []) merged[name] = value?.DeepClone();

                var label = test.Template.Length > 60 ? test.Template[..60] + "…" : test.Template;
                cases.Add(
                    $"{Path.GetFileNameWithoutExtension(file)}/{index + 1}: {label.ReplaceLineEndings("⏎")}",
                    test with { Context = merged });
            }
        }

        return cases;
    }
}

/// <summary>Templates in memory.</summary>
public sealed class MemoryLoader(IReadOnlyDictionary<string, string> files) : ITemplateLoader
{
    public string? Load(string path) => files.GetValueOrDefault(path);
}
