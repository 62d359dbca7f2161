using System.Text.Json.Nodes;

namespace Portal.Core.Schema;

internal sealed class MultipleOfKeyword(
    string name, string schemaPath, JsonNumber divisor, string literal) : Keyword(name, schemaPath)
{
    public static Keyword Read(KeywordSource source)
        => JsonNumber.TryGet(source.Value, out var divisor) && divisor.IsPositive
            ? new MultipleOfKeyword(source.Name, source.Path, divisor, source.Value!.ToJsonString())
            : source.Problem("must be a number above 0");

    public override void Check(JsonNode? value, InstancePath at, ValidationRun run)
    {
        if (JsonNumber.TryGet(value, out var number) && !number.IsMultipleOf(divisor))
        {
            run.Add(this, at, $"must be a multiple of {literal}");
        }
    }
}

internal sealed class BoundKeyword(
    string name, string schemaPath, JsonNumber bound, string literal) : Keyword(name, schemaPath)
{
    public static Keyword Read(KeywordSource source)
        => JsonNumber.TryGet(source.Value, out var bound)
            ? new BoundKeyword(source.Name, source.Path, bound, source.Value!.ToJsonString())
            : source.Problem("must be a number");

    public override void Check(JsonNode? value, InstancePath at, ValidationRun run)
    {
        if (!JsonNumber.TryGet(value, out var number)) return;

        var order = number.CompareTo(bound);
        var broken = Name switch
        {
            "minimum" => order < 0 ? "at least" : null,
            "maximum" => order > 0 ? "at most" : null,
            "exclusiveMinimum" => order <= 0 ? "more than" : null,
            _ => order >= 0 ? "less than" : null,
        };
        if (broken is not null) run.Add(this, at, $"must be {broken} {literal}");
    }
}
