using System.Text.Json.Nodes;

namespace Portal.Core.Schema;

/// <summary>One compiled keyword of a schema.</summary>
internal abstract class Keyword(string name, string schemaPath)
{
    public string Name { get; } = name;

    public string SchemaPath { get; } = schemaPath;

    public abstract void Check(JsonNode? value, InstancePath at, ValidationRun run);
}

/// <summary>
/// One compiled schema or subschema. Filled once by the compiler, which allows a schema to refer to itself.
/// </summary>
internal sealed class SchemaNode(string path)
{
    public string Path { get; } = path;

    /// <summary>What to call the schema in a list of alternatives.</summary>
    public string? Title { get; set; }

    public IReadOnlyList<Keyword> Keywords { get; set; } = [];

    public CustomMessages? Messages { get; set; }

    public void Validate(JsonNode? value, InstancePath at, ValidationRun run)
    {
        var first = run.Errors.Count;
        if (run.Enter(this, at))
        {
            foreach (var keyword in Keywords)
            {
                keyword.Check(value, at, run);
                if (run.IsSettled) break;
            }
        }

        run.Exit();
        Messages?.Rewrite(run.Errors, first, at.ToString());
    }

    public T? Find<T>()
        where T : Keyword
        => Keywords.OfType<T>().FirstOrDefault();
}

/// <summary>
/// Says one thing about every value: a <c>false</c> schema, or a keyword that could not be understood and so lets
/// nothing pass.
/// </summary>
internal sealed class NothingPasses(string name, string schemaPath, string message) : Keyword(name, schemaPath)
{
    public override void Check(JsonNode? value, InstancePath at, ValidationRun run) => run.Add(this, at, message);
}
