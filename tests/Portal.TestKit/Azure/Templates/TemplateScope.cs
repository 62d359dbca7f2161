using System.Text.Json.Nodes;

namespace Portal.TestKit.Azure.Templates;

/// <summary>Where a template is deployed, and how a resource is looked up.</summary>
/// <param name="Group">Null at the scope of the subscription.</param>
/// <param name="Reference">Properties of a resource by its id; null when it is not there.</param>
internal sealed record TemplateTarget(
    string Subscription, string Tenant, string? Group, string Location, Func<string, JsonObject?>? Reference)
{
    public string SubscriptionId => $"/subscriptions/{Subscription}";

    public string GroupId => $"{SubscriptionId}/resourceGroups/{Group}";
}

/// <summary>Works out the expressions of one template with its parameters and variables.</summary>
internal sealed class TemplateScope(JsonObject template, JsonObject parameters, TemplateTarget target)
{
    private readonly Dictionary<string, JsonNode?> variables = new(StringComparer.OrdinalIgnoreCase);

    public TemplateTarget Target => target;

    /// <summary>A value with all expressions in it worked out.</summary>
    public JsonNode? Evaluate(JsonNode? node) => node switch
    {
        JsonObject values => new JsonObject(
            values.Select(v => KeyValuePair.Create(EvaluateText(v.Key)?.ToString() ?? "", Evaluate(v.Value)))),
        JsonArray items => new JsonArray([.. items.Select(Evaluate)]),
        JsonValue value when value.TryGetValue<string>(out var text) => EvaluateText(text),
        _ => node?.DeepClone(),
    };

    public JsonNode? Parameter(string name)
    {
        if (template["parameters"] is not JsonObject declared || Named(declared, name) is not JsonObject declaration)
        {
            throw new TemplateException(
                $"The template parameter '{name}' is not found. Please see https://aka.ms/arm-syntax-parameters for usage details.");
        }
        return Contains(parameters, name)
            ? Named(parameters, name)?.DeepClone()
            : Evaluate(declaration["defaultValue"]);
    }

    public JsonNode? Variable(string name)
    {
        if (variables.TryGetValue(name, out var known)) return known?.DeepClone();
        if (template["variables"] is not JsonObject declared || !Contains(declared, name))
        {
            throw new TemplateException(
                $"The template variable '{name}' is not found. Please see https://aka.ms/arm-syntax-variables for usage details.");
        }
        return (variables[name] = Evaluate(Named(declared, name)))?.DeepClone();
    }

    private JsonNode? EvaluateText(string text)
    {
        if (text.StartsWith("[[", StringComparison.Ordinal)) return text[1..];
        if (!text.StartsWith('[') || !text.EndsWith(']')) return text;
        return Evaluate(ExpressionParser.Parse(text[1..^1]));
    }

    private JsonNode? Evaluate(Expression expression) => expression switch
    {
        Expression.Text text => text.Value,
        Expression.Number number => number.Value,
        Expression.Part part => PartOf(Evaluate(part.Of), Evaluate(part.Name)),
        // Only the branch that is taken: the other may name what is not there.
        Expression.Call { Function: var name, Arguments: [var condition, var yes, var no] } when name.Equals(
            "if", StringComparison.OrdinalIgnoreCase) =>
            Evaluate(TemplateFunctions.Flag(Evaluate(condition)) ? yes : no),
        Expression.Call call => TemplateFunctions.Call(this, call.Function, [.. call.Arguments.Select(Evaluate)]),
        _ => throw new TemplateException("Unknown expression."),
    };

    private static JsonNode? PartOf(JsonNode? node, JsonNode? name) => node switch
    {
        JsonObject values when name is not null => Contains(values, name.ToString())
            ? Named(values, name.ToString())?.DeepClone()
                : throw new TemplateException(
                    $"The language expression property '{name}' doesn't exist, available properties are '{string.Join(", ", values.Select(v => v.Key))}'."),
        JsonArray items when name is JsonValue value && value.TryGetValue<long>(out var index) && index >= 0
            && index < items.Count => items[(int)index]?.DeepClone(),
        _ => throw new TemplateException($"The language expression property '{name}' can't be evaluated."),
    };

    private static bool Contains(JsonObject values, string name) =>
        values.Any(v => v.Key.Equals(name, StringComparison.OrdinalIgnoreCase));

    private static JsonNode? Named(JsonObject values, string name) =>
        values.FirstOrDefault(v => v.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;
}
