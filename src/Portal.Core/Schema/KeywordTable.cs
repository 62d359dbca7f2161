namespace Portal.Core.Schema;

/// <summary>Which keyword is read by what, and which ones only annotate.</summary>
internal static class KeywordTable
{
    private static readonly Dictionary<string, Func<KeywordSource, Keyword?>> Readers = new(StringComparer.Ordinal)
    {
        ["$schema"] = ReadDialect,
        ["$ref"] = RefKeyword.Read,
        ["type"] = TypeKeyword.Read,
        ["enum"] = EnumKeyword.Read,
        ["const"] = ConstKeyword.Read,
        ["multipleOf"] = MultipleOfKeyword.Read,
        ["minimum"] = BoundKeyword.Read,
        ["maximum"] = BoundKeyword.Read,
        ["exclusiveMinimum"] = BoundKeyword.Read,
        ["exclusiveMaximum"] = BoundKeyword.Read,
        ["minLength"] = LengthKeyword.Read,
        ["maxLength"] = LengthKeyword.Read,
        ["pattern"] = PatternKeyword.Read,
        ["format"] = FormatKeyword.Read,
        ["items"] = ItemsKeyword.Read,
        ["prefixItems"] = PrefixItemsKeyword.Read,
        ["additionalItems"] = AdditionalItemsKeyword.Read,
        ["contains"] = ContainsKeyword.Read,
        ["minContains"] = ContainsKeyword.ReadBound,
        ["maxContains"] = ContainsKeyword.ReadBound,
        ["minItems"] = ItemCountKeyword.Read,
        ["maxItems"] = ItemCountKeyword.Read,
        ["uniqueItems"] = UniqueItemsKeyword.Read,
        ["properties"] = PropertiesKeyword.Read,
        ["patternProperties"] = PatternPropertiesKeyword.Read,
        ["additionalProperties"] = AdditionalPropertiesKeyword.Read,
        ["propertyNames"] = PropertyNamesKeyword.Read,
        ["required"] = RequiredKeyword.Read,
        ["minProperties"] = PropertyCountKeyword.Read,
        ["maxProperties"] = PropertyCountKeyword.Read,
        ["dependencies"] = DependenciesKeyword.Read,
        ["dependentRequired"] = DependenciesKeyword.Read,
        ["dependentSchemas"] = DependenciesKeyword.Read,
        ["allOf"] = AllOfKeyword.Read,
        ["anyOf"] = ChoiceKeyword.Read,
        ["oneOf"] = ChoiceKeyword.Read,
        ["not"] = NotKeyword.Read,
        ["if"] = IfKeyword.Read,
        ["then"] = IfKeyword.ReadBranch,
        ["else"] = IfKeyword.ReadBranch,
    };

    private static readonly HashSet<string> Annotations = new(StringComparer.Ordinal)
    {
        "title", "description", "$comment", "default", "example", "examples", "readOnly", "writeOnly", "deprecated",
        "enumNames", "errorMessage", "presentation",
    };

    public static Func<KeywordSource, Keyword?>? Find(string name) => Readers.GetValueOrDefault(name);

    public static bool IsAnnotation(string name)
        => Annotations.Contains(name)
            || name.StartsWith("ui:", StringComparison.Ordinal)
            || name.StartsWith("backstage:", StringComparison.Ordinal)
            || name.StartsWith("x-", StringComparison.Ordinal);

    private static Keyword? ReadDialect(KeywordSource source)
    {
        if (JsonKinds.TextOrNull(source.Value) is not { } dialect
            || !dialect.Contains("://json-schema.org/", StringComparison.Ordinal))
        {
            source.NotSupported(
                "names a dialect of its own; the schema is read as JSON Schema draft-07 with the later keywords");
        }

        return null;
    }

    public static string WhyUnsupported(string name)
    {
        var nearest =
            Readers.Keys.FirstOrDefault(known => string.Equals(known, name, StringComparison.OrdinalIgnoreCase));
        return nearest is null
            ? "is not supported and constrains nothing"
            : $"is not a keyword and constrains nothing; did you mean '{nearest}'?";
    }
}
