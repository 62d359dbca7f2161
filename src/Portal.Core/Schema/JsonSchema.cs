using System.Text.Json.Nodes;

namespace Portal.Core.Schema;

/// <summary>
/// A compiled JSON Schema: draft-07 with the simple keywords of 2019-09 and 2020-12. Immutable; may be used by many
/// threads at once.
/// </summary>
/// <remarks>
/// Reading never fails: what is wrong with the schema is in <see cref="Problems"/> (and such a keyword lets no value
/// pass), what it asks for and this validator does not know is in <see cref="Unsupported"/> (and constrains nothing).
/// </remarks>
public sealed class JsonSchema
{
    private const int MaxNesting = 200;

    private readonly SchemaNode root;
    private readonly SchemaCompiler compiler;
    private readonly Lock compiling = new();

    private JsonSchema(SchemaNode root, SchemaCompiler compiler)
    {
        this.root = root;
        this.compiler = compiler;
        Problems = compiler.Problems;
        Unsupported = compiler.Unsupported;
        Warnings = compiler.Warnings;
    }

    /// <summary>
    /// Keywords that cannot be understood: an unknown type name, a pattern that is no regular expression, a <c>$ref</c>
    /// to nowhere.
    /// </summary>
    public IReadOnlyList<SchemaNote> Problems { get; }

    /// <summary>Keywords and formats that are not checked, each with its place.</summary>
    public IReadOnlyList<SchemaNote> Unsupported { get; }

    /// <summary>Old spellings that are honoured all the same.</summary>
    public IReadOnlyList<SchemaNote> Warnings { get; }

    /// <summary>Compiles a schema. The node is copied; later changes to it have no effect.</summary>
    public static JsonSchema Parse(JsonNode? schema, SchemaDialect dialect = SchemaDialect.Forms)
    {
        if (JsonKinds.IsDeeperThan(schema, MaxNesting))
        {
            var tooDeep = new SchemaCompiler(false, dialect);
            tooDeep.Problem("", "", $"is nested more than {MaxNesting} levels deep");
            return new JsonSchema(tooDeep.CompileRoot(), tooDeep);
        }

        var compiler = new SchemaCompiler(JsonKinds.Freeze(schema), dialect);
        return new JsonSchema(compiler.CompileRoot(), compiler);
    }

    /// <summary>
    /// The rules that a value breaks, in the order of the schema; none when it is valid. A null reference is JSON's
    /// null.
    /// </summary>
    public IReadOnlyList<SchemaError> Validate(JsonNode? value)
    {
        var run = new ValidationRun();
        root.Validate(value, InstancePath.Root, run);
        return run.Exceeded is { } exceeded ? [exceeded] : run.Errors;
    }

    /// <summary>True when the value breaks no rule; cheaper than <see cref="Validate"/>.</summary>
    public bool IsValid(JsonNode? value)
    {
        var run = new ValidationRun();
        return run.Passes(root, value, InstancePath.Root) && run.Exceeded is null;
    }

    /// <summary>The schema as it was given.</summary>
    internal JsonNode? Source => compiler.Root;

    /// <summary>Answers whether a value passes one part of the schema, named by its JSON pointer.</summary>
    internal bool IsValidAt(string pointer, JsonNode? value)
    {
        SchemaNode part;
        lock (compiling)
        {
            if (!JsonPointer.TryGet(compiler.Root, pointer, out var source)) return false;

            part = compiler.Compile(source, pointer);
        }

        var run = new ValidationRun();
        return run.Passes(part, value, InstancePath.Root) && run.Exceeded is null;
    }
}
