using System.Text.Json.Nodes;

namespace Portal.Core.Schema;

/// <summary>Turns a schema into keyword objects, each place once, and notes what it could not use.</summary>
internal sealed class SchemaCompiler(JsonNode? root, SchemaDialect dialect)
{
    private const int MaxNesting = 100;

    private readonly Dictionary<string, SchemaNode> compiled = new(StringComparer.Ordinal);
    private int nesting;

    public JsonNode? Root { get; } = root;

    public SchemaDialect Dialect { get; } = dialect;

    public List<SchemaNote> Problems { get; } = [];

    public List<SchemaNote> Unsupported { get; } = [];

    public List<SchemaNote> Warnings { get; } = [];

    public SchemaNode CompileRoot() => Compile(Root, "");

    public SchemaNode Compile(JsonNode? schema, string path)
    {
        if (compiled.TryGetValue(path, out var known)) return known;

        var node = new SchemaNode(path);
        compiled.Add(path, node);
        nesting++;
        Fill(node, schema);
        nesting--;
        return node;
    }

    private void Fill(SchemaNode node, JsonNode? schema)
    {
        if (nesting > MaxNesting)
        {
            node.Keywords = [Problem(node.Path, "", $"is nested more than {MaxNesting} schemas deep")];
        }
        else if (schema is JsonObject members)
        {
            FillFrom(node, members);
        }
        else if (JsonKinds.Of(schema) != JsonKind.Boolean)
        {
            node.Keywords = [Problem(node.Path, "", "must be a schema: an object, true or false")];
        }
        else if (!JsonKinds.IsTrue(schema))
        {
            node.Keywords = [new NothingPasses("false", node.Path, "is not allowed here")];
        }
    }

    private void FillFrom(SchemaNode node, JsonObject members)
    {
        node.Title = JsonKinds.TextOrNull(members["title"]);
        node.Messages = CustomMessages.Parse(members["errorMessage"]);
        var onlyRef = Dialect == SchemaDialect.Draft7 && members.ContainsKey("$ref");
        var keywords = new List<Keyword>();
        foreach (var (name, value) in members)
        {
            var source = new KeywordSource(this, members, name, value, JsonPointer.Append(node.Path, name));
            if (name is "definitions" or "$defs")
            {
                CompileDefinitions(source);
            }
            else if (onlyRef && name != "$ref")
            {
                continue;
            }
            else if (KeywordTable.Find(name) is { } read)
            {
                if (read(source) is { } keyword) keywords.Add(keyword);
            }
            else if (!KeywordTable.IsAnnotation(name) && !(name is "$id" && node.Path.Length == 0))
            {
                Unsupported.Add(new SchemaNote(source.Path, name, KeywordTable.WhyUnsupported(name)));
            }
        }

        // What the type is comes first: "must be a number" explains more than what follows from it.
        node.Keywords = [.. keywords.OrderBy(keyword => keyword is TypeKeyword ? 0 : 1)];
    }

    private void CompileDefinitions(KeywordSource source)
    {
        if (source.Value is not JsonObject definitions)
        {
            source.Problem("must be an object of schemas");
            return;
        }

        foreach (var (name, definition) in definitions) Compile(definition, JsonPointer.Append(source.Path, name));
    }

    public Keyword Problem(string path, string keyword, string message)
    {
        Problems.Add(new SchemaNote(path, keyword, message));
        return new NothingPasses(
            keyword, path,
            $"cannot be checked: the form's {(keyword.Length == 0 ? "schema" : $"'{keyword}'")} here {message}");
    }
}

/// <summary>One keyword as written, with what its reader needs.</summary>
internal readonly record struct KeywordSource(
    SchemaCompiler Compiler, JsonObject Owner, string Name, JsonNode? Value, string Path)
{
    public Keyword Problem(string message) => Compiler.Problem(Path, Name, message);

    public void NotSupported(string message) => Compiler.Unsupported.Add(new SchemaNote(Path, Name, message));

    public SchemaNode Schema() => Compiler.Compile(Value, Path);

    public SchemaNode SchemaAt(int index) =>
        Compiler.Compile(((JsonArray)Value!)[index], JsonPointer.Append(Path, index));

    public SchemaNode SchemaAt(string name) =>
        Compiler.Compile(((JsonObject)Value!)[name], JsonPointer.Append(Path, name));

    public SchemaNode[] SchemaList()
    {
        var source = this;
        return [.. Enumerable.Range(0, ((JsonArray)Value!).Count).Select(source.SchemaAt)];
    }

    /// <summary>A sibling keyword's schema, compiled at its own place; null when it is not there.</summary>
    public SchemaNode? Sibling(string name)
        => Owner.TryGetPropertyValue(name, out var schema)
            ? Compiler.Compile(schema, Path[..(Path.LastIndexOf('/') + 1)] + JsonPointer.Escape(name))
            : null;

    public bool TryCount(out int count)
        => JsonNumber.TryGet(Value, out var number) & number.TryGetInt32(out count) && count >= 0;

    public bool TryTexts(out string[] texts)
    {
        texts = Value is JsonArray items && items.All(item => JsonKinds.TextOrNull(item) is not null)
            ? [.. items.Select(item => JsonKinds.Text(item!))]
            : [];
        return Value is JsonArray list && list.Count == texts.Length;
    }
}
