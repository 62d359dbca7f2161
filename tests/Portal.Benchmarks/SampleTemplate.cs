using System.Text;
using System.Text.Json.Nodes;

namespace Portal.Benchmarks;

/// <summary>A template of some number of small files, each with a few expressions, a condition and a loop.</summary>
internal sealed class SampleTemplate(int files)
{
    public string Name => $"bench-{files}";

    public JsonObject Values { get; } = new() { ["name"] = "orders", ["port"] = 8080 };

    /// <summary>As a folder that the portal finds.</summary>
    public void WriteTo(string source)
    {
        foreach (var (path, content) in Files())
        {
            var file = Path.Combine(source, Name, path);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, content);
        }
        // JSON is YAML too.
        File.WriteAllText(Path.Combine(source, Name, "template.yaml"), Manifest().ToJsonString());
    }

    /// <summary>As the body of a dry run.</summary>
    public JsonObject DryRun() => new()
    {
        ["template"] = Manifest(),
        ["values"] = Values.DeepClone(),
        ["secrets"] = new JsonObject(),
        ["directoryContents"] = new JsonArray([.. Files().Select(f => new JsonObject
        {
            ["path"] = f.Path, ["base64Content"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(f.Content)),
        })]),
    };

    private JsonObject Manifest() => JsonNode.Parse($$"""
        {
          "apiVersion": "scaffolder.backstage.io/v1beta3",
          "kind": "Template",
          "metadata": { "name": "{{Name}}", "title": "{{files}} files" },
          "spec": {
            "type": "service",
            "parameters": [{
              "title": "Service",
              "required": ["name"],
              "properties": { "name": { "type": "string", "title": "Name" }, "port": { "type": "integer", "title": "Port" } }
            }],
            "steps": [{
              "id": "fetch", "name": "Render the files", "action": "fetch:template",
              "input": { "url": "./skeleton", "values": { "name": "${{ "{{ parameters.name }}" }}", "port": "${{ "{{ parameters.port }}" }}", "parts": ["api", "worker", "web"] } }
            }]
          }
        }
        """)!.AsObject();

    private IEnumerable<(string Path, string Content)> Files() => Enumerable.Range(0, files).Select(i => (
        $"skeleton/src/part{i % 20}/file{i}.txt",
        $$$"""
        # ${{ values.name }}, file {{{i}}}
        name: ${{ values.name | upper }}-{{{i}}}
        address: http://127.0.0.1:${{ values.port }}/${{ values.name }}/{{{i}}}
        {% if values.port > 1024 %}
        unprivileged: true
        {% endif %}
        {% for part in values.parts %}
        - ${{ part }}-${{ loop.index }}
        {% endfor %}
        A line of text that no template engine needs to look at twice.

        """));
}
