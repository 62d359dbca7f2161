using System.Text.Json.Nodes;

namespace Portal.Core.Schema;

internal sealed class RefKeyword(string name, string schemaPath, SchemaNode target) : Keyword(name, schemaPath)
{
    public static Keyword? Read(KeywordSource source)
    {
        if (JsonKinds.TextOrNull(source.Value) is not { } reference)
        {
            return source.Problem("must be text such as #/definitions/name");
        }

        if (!reference.StartsWith('#'))
        {
            source.NotSupported(
                $"'{reference}' is outside this schema; only references that start with # are followed");
            return null;
        }

        var pointer = Uri.UnescapeDataString(reference[1..]);
        if (pointer.Length > 0 && pointer[0] != '/')
        {
            source.NotSupported($"'{reference}' refers to an anchor; only #/… pointers are followed");
            return null;
        }

        return JsonPointer.TryGet(source.Compiler.Root, pointer, out var target)
            ? new RefKeyword(source.Name, source.Path, source.Compiler.Compile(target, pointer))
            : source.Problem($"refers to '{reference}', which does not exist");
    }

    public override void Check(JsonNode? value, InstancePath at, ValidationRun run) => target.Validate(value, at, run);
}

internal sealed class AllOfKeyword(string name, string schemaPath, SchemaNode[] branches) : Keyword(name, schemaPath)
{
    public static Keyword Read(KeywordSource source)
        => source.Value is JsonArray { Count: > 0 }
            ? new AllOfKeyword(source.Name, source.Path, source.SchemaList())
            : source.Problem("must be a list of schemas");

    public override void Check(JsonNode? value, InstancePath at, ValidationRun run)
    {
        foreach (var branch in branches)
        {
            if (run.IsSettled) return;

            branch.Validate(value, at, run);
        }
    }
}

/// <summary>
/// <c>anyOf</c> and <c>oneOf</c>. When nothing matches, the errors are those of the branch that the user evidently
/// chose.
/// </summary>
internal sealed class ChoiceKeyword(string name, string schemaPath, SchemaNode[] branches) : Keyword(name, schemaPath)
{
    private string[]? discriminators;

    public static Keyword Read(KeywordSource source)
        => source.Value is JsonArray { Count: > 0 }
            ? new ChoiceKeyword(source.Name, source.Path, source.SchemaList())
            : source.Problem("must be a list of schemas");

    public override void Check(JsonNode? value, InstancePath at, ValidationRun run)
    {
        var matches = 0;
        foreach (var branch in branches)
        {
            matches += run.Passes(branch, value, at) ? 1 : 0;
            if (matches == 1 && Name == "anyOf") return;
        }

        if (matches == 0) Explain(value, at, run);
        else if (matches > 1) run.Add(this, at, $"must match only one of the alternatives, but it matches {matches}");
    }

    private void Explain(JsonNode? value, InstancePath at, ValidationRun run)
    {
        if (run.IsProbing)
        {
            run.Add(this, at, "");
            return;
        }

        // Found late, as a branch may still be compiling when this keyword is; two threads find the same.
        discriminators ??= Discriminators(branches);
        var chosen = branches.Where(branch => Suits(branch, value)).Take(2).ToList();
        if (chosen is [var only])
        {
            run.Add(run.Collect(only, value, at));
            return;
        }

        var titles = branches.Select(branch => branch.Title).OfType<string>().ToList();
        var constants = branches.Select(branch => branch.Find<ConstKeyword>()).OfType<ConstKeyword>().Count();
        run.Add(this, at, titles.Count == branches.Length
            ? $"must be {(constants == branches.Length ? "" : "as in ")}one of: {string.Join(", ", titles)}"
            : $"must match {(Name == "oneOf" ? "exactly" : "at least")} one of the {branches.Length} alternatives");
    }

    /// <summary>
    /// True when the type fits and no constant or list of values that tells the branches apart contradicts the value.
    /// </summary>
    private bool Suits(SchemaNode branch, JsonNode? value)
    {
        var quiet = new ValidationRun();
        branch.Find<TypeKeyword>()?.Check(value, InstancePath.Root, quiet);
        branch.Find<ConstKeyword>()?.Check(value, InstancePath.Root, quiet);
        branch.Find<EnumKeyword>()?.Check(value, InstancePath.Root, quiet);
        if (quiet.Failed || branch.Keywords is [NothingPasses]) return false;

        return value is not JsonObject members || discriminators!.All(name =>
            !members.TryGetPropertyValue(name, out var member)
            || Told(branch, name) is not { } told
            || ((told.Find<ConstKeyword>()?.Allows(member) ?? true)
                && (told.Find<EnumKeyword>()?.Allows(member) ?? true)));
    }

    /// <summary>
    /// The properties that every branch pins to values of its own; where there are none, those that any branch pins.
    /// </summary>
    private static string[] Discriminators(SchemaNode[] branches)
    {
        var pinned = branches.Select(branch => branch.Find<PropertiesKeyword>()?.Schemas.Keys.Where(
            name => Told(branch, name) is not null).ToHashSet(StringComparer.Ordinal) ?? []).ToList();
        var common = pinned[0].Where(name => pinned.TrueForAll(names => names.Contains(name))).ToArray();
        return common.Length > 0 ? common : [.. pinned.SelectMany(names => names).Distinct(StringComparer.Ordinal)];
    }

    private static SchemaNode? Told(SchemaNode branch, string name)
        => branch.Find<PropertiesKeyword>()?.Schemas.GetValueOrDefault(name) is { } schema
            && (schema.Find<ConstKeyword>() is not null || schema.Find<EnumKeyword>() is not null) ? schema : null;
}

internal sealed class NotKeyword(string name, string schemaPath, SchemaNode schema) : Keyword(name, schemaPath)
{
    public static Keyword Read(KeywordSource source) => new NotKeyword(source.Name, source.Path, source.Schema());

    public override void Check(JsonNode? value, InstancePath at, ValidationRun run)
    {
        if (run.Passes(schema, value, at))
        {
            run.Add(this, at, schema.Title is null ? "has a value that is not allowed" : $"must not be {schema.Title}");
        }
    }
}

internal sealed class IfKeyword(
    string name, string schemaPath, SchemaNode condition, SchemaNode? then,
    SchemaNode? otherwise) : Keyword(name, schemaPath)
{
    public static Keyword Read(KeywordSource source)
        => new IfKeyword(source.Name, source.Path, source.Schema(), source.Sibling("then"), source.Sibling("else"));

    /// <summary>
    /// <c>then</c> and <c>else</c> are read so that their mistakes are named; they act through <c>if</c>.
    /// </summary>
    public static Keyword? ReadBranch(KeywordSource source)
    {
        source.Schema();
        if (!source.Owner.ContainsKey("if"))
        {
            source.Compiler.Warnings.Add(
                new SchemaNote(source.Path, source.Name, "has no effect without `if` beside it"));
        }

        return null;
    }

    public override void Check(JsonNode? value, InstancePath at, ValidationRun run)
        => (run.Passes(condition, value, at) ? then : otherwise)?.Validate(value, at, run);
}
