using System.Text.Json.Nodes;
using Portal.Core.GoldenPaths.Templates;
using Portal.Core.Runs.Actions;
using Portal.Core.Schema;
using Portal.Core.Shared;
using Portal.Templating;

namespace Portal.Core.TemplateTests;

/// <summary>
/// Reads a file of cases, in the format of docs/template-tests.md; what it does not know is an error, so that no slip
/// passes.
/// </summary>
internal static class TestFileReader
{
    private static readonly JsonSchema Format = JsonSchema.Parse(JsonNode.Parse("""
        {
          "type": "object", "required": ["cases"], "additionalProperties": false,
          "properties": {
            "cases": {
              "type": "array", "minItems": 1,
              "items": {
                "type": "object", "required": ["name", "expect"], "additionalProperties": false,
                "properties": {
                  "name": { "type": "string", "minLength": 1 },
                  "parameters": { "type": "object" },
                  "catalog": { "type": "array", "items": { "type": "object", "required": ["kind", "metadata"] } },
                  "expect": {
                    "type": "object", "minProperties": 1, "additionalProperties": false,
                    "properties": {
                      "files": { "$ref": "#/definitions/paths" },
                      "absent": { "$ref": "#/definitions/paths" },
                      "contains": { "$ref": "#/definitions/texts" },
                      "lacks": { "$ref": "#/definitions/texts" },
                      "effects": {
                        "type": "array", "minItems": 1,
                        "items": {
                          "type": "object", "required": ["action"], "additionalProperties": false,
                          "properties": { "action": { "type": "string", "minLength": 1 }, "name": { "type": "string" } }
                        }
                      },
                      "errors": {
                        "type": "array", "minItems": 1,
                        "items": {
                          "type": "object", "required": ["path"], "additionalProperties": false,
                          "properties": { "path": { "type": "string", "pattern": "^(/|$)" }, "message": { "type": "string", "minLength": 1 } }
                        }
                      }
                    }
                  }
                }
              }
            }
          },
          "definitions": {
            "paths": { "type": "array", "minItems": 1, "items": { "type": "string", "minLength": 1 } },
            "texts": { "type": "object", "minProperties": 1, "additionalProperties": { "type": "array", "minItems": 1, "items": { "type": "string", "minLength": 1 } } }
          }
        }
        """));

    private static readonly string[] Keys =

        [
            "cases", "name", "parameters", "catalog", "expect", "files", "absent", "contains", "lacks", "effects",
            "errors", "action", "path", "message"
        ];

    /// <summary>Cases, or why there are none.</summary>
    public static (IReadOnlyList<TemplateTestCase> Cases, IReadOnlyList<TemplateNote> Errors) Read(
        string text, string file)
    {
        IReadOnlyList<YamlDocument> documents;
        try
        {
            documents = Yaml.Parse(text);
        }
        catch (YamlFormatException e)
        {
            return ([], [new TemplateNote(
                file, e.Line, $"This is not YAML that can be read: {e.Message}", "Correct the line.")]);
        }
        if (documents is not [var document])
        {
            return ([], [new TemplateNote(
                file, 1, "A test file holds one document.",
                "Start it with 'cases:', and put other documents into other files.")]);
        }
        var errors = Format.Validate(document.Root).Select(e => Note(document, file, e)).ToList();
        if (errors.Count > 0) return ([], errors);
        var cases = document.Root!["cases"]!.AsArray()
            .Select((c, i) => Case(c!.AsObject(), file, document.LineOf($"/cases/{i}"))).ToList();
        foreach (var twice in cases.GroupBy(c => c.Name, StringComparer.Ordinal).Where(g => g.Count() > 1))
        {
            errors.Add(new TemplateNote(
                file, twice.Last().Line, $"Two cases are called '{twice.Key}'.", "Give each a name of its own."));
        }
        foreach (var idle in cases.Where(c => c.Expect.Errors.Count > 0 && HasOthers(c.Expect)))
        {
            errors.Add(new TemplateNote(
                file, idle.Line,
                $"'{idle.Name}' expects errors, so nothing is made that the other expectations could look at.",
                "Keep 'errors' alone, or make two cases."));
        }
        return errors.Count > 0 ? ([], errors) : (cases, []);
    }

    private static bool HasOthers(Expectations e) =>
        e.Files.Count + e.Absent.Count + e.Contains.Count + e.Lacks.Count + e.Effects.Count > 0;

    private static TemplateTestCase Case(JsonObject json, string file, int line)
    {
        var expect = json["expect"]!.AsObject();
        return new TemplateTestCase(
            json.Text("name")!, file, line, json["parameters"]?.DeepClone().AsObject() ?? [], Objects(json, "catalog"),
            new Expectations(
                expect.Texts("files"), expect.Texts("absent"), Texts(expect, "contains"), Texts(expect, "lacks"),
                [.. Objects(expect, "effects").Select(e => new ExpectedEffect(e.Text("action")!, e.Text("name")))],
                [.. Objects(expect, "errors").Select(e => new ExpectedError(e.Text("path")!, e.Text("message")))]));
    }

    private static IReadOnlyList<JsonObject> Objects(JsonObject json, string name) =>
        json[name] is JsonArray list ? [.. list.OfType<JsonObject>().Select(o => o.DeepClone().AsObject())] : [];

    private static IReadOnlyList<ExpectedText> Texts(JsonObject expect, string name) =>
        expect[name] is JsonObject files
            ? [.. files.SelectMany(f => f.Value!.AsArray().Select(t => new ExpectedText(f.Key, t!.ToString())))]
            : [];

    private static TemplateNote Note(YamlDocument document, string file, SchemaError error)
    {
        var line = document.LineOf(error.FieldPath);
        if (error is { Keyword: "additionalProperties", Property: { } unknown })
        {
            return new TemplateNote(file, line, $"'{unknown}' is no key of a test.",
                NearestName.Find(unknown, Keys) is { } near
                    ? $"Did you mean '{near}'?"
                    : "See docs/template-tests.md.");
        }
        if (error is { Keyword: "required", Property: { } missing })
        {
            return new TemplateNote(file, line, $"'{missing}' is missing.", "See docs/template-tests.md.");
        }
        var where = error.InstancePath.Length == 0
            ? "The file"
            : $"'{error.InstancePath[(error.InstancePath.LastIndexOf('/') + 1)..]}'";
        return new TemplateNote(file, line, $"{where} {error.Message}.", "See docs/template-tests.md.");
    }
}
