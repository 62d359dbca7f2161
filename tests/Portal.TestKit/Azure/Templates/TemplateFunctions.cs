using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Portal.TestKit.Azure.Templates;

/// <summary>
/// The functions of ARM templates that the portal's definitions use. Any other is an error, as it is there.
/// </summary>
internal static class TemplateFunctions
{
    public static JsonNode? Call(
        TemplateScope scope, string function, JsonNode?[] arguments) => function.ToLowerInvariant() switch
    {
        "parameters" => scope.Parameter(Text(arguments[0])),
        "variables" => scope.Variable(Text(arguments[0])),
        "concat" => Concat(arguments),
        "format" => Format(arguments),
        "tolower" => Text(arguments[0]).ToLowerInvariant(),
        "toupper" => Text(arguments[0]).ToUpperInvariant(),
        "replace" => Text(arguments[0]).Replace(Text(arguments[1]), Text(arguments[2]), StringComparison.Ordinal),
        "take" => Take(arguments[0], arguments[1]),
        "string" => arguments[0] is JsonValue value ? value.ToString() : arguments[0]?.ToJsonString(),
        "int" => long.Parse(Text(arguments[0]), CultureInfo.InvariantCulture),
        "json" => JsonNode.Parse(Text(arguments[0])),
        "empty" => arguments[0] switch { null => true, JsonObject o => o.Count
            == 0, JsonArray a => a.Count == 0, var t => t.ToString().Length == 0 },
        "length" => arguments[0] switch { JsonObject o => o.Count, JsonArray a => a.Count, var t => Text(t).Length },
        "not" => !Flag(arguments[0]),
        "and" => arguments.All(Flag),
        "or" => arguments.Any(Flag),
        "equals" => JsonNode.DeepEquals(arguments[0], arguments[1]),
        "createarray" => new JsonArray([.. arguments.Select(a => a?.DeepClone())]),
        "createobject" => CreateObject(arguments),
        "union" => Union(arguments),
        "uniquestring" => Unique(string.Join('-', arguments.Select(Text))),
        "guid" => new Guid(
            SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('-', arguments.Select(Text))))[..16]).ToString(),
        "resourcegroup" => Group(scope.Target),
        "subscription" => new JsonObject
        {
            ["id"] = scope.Target.SubscriptionId, ["subscriptionId"] = scope.Target.Subscription,
            ["tenantId"] = scope.Target.Tenant
        },
        "resourceid" => $"{(scope.Target.Group is null ? scope.Target.SubscriptionId : scope.Target.GroupId)}/providers/{Id(arguments)}",
        "subscriptionresourceid" => SubscriptionId(scope.Target, arguments),
        "reference" => Reference(scope.Target, Text(arguments[0])),
        _ => throw new TemplateException(
            $"The template function '{function}' is not valid. Please see https://aka.ms/arm-functions for usage details."),
    };

    public static bool Flag(JsonNode? node) => node is JsonValue value
        && value.TryGetValue<bool>(out var flag) ? flag : throw new TemplateException("A boolean is expected.");

    private static string Text(JsonNode? node) =>
        node is JsonValue value ? value.ToString() : throw new TemplateException("A string is expected.");

    private static JsonNode Concat(JsonNode?[] arguments) => arguments.All(a => a is JsonArray)
        ? new JsonArray([.. arguments.SelectMany(a => (JsonArray)a!).Select(i => i?.DeepClone())])
        : string.Concat(arguments.Select(Text));

    private static string Format(JsonNode?[] arguments)
    {
        object[] values = [.. arguments.Skip(1).Select(Text)];
        return string.Format(CultureInfo.InvariantCulture, Text(arguments[0]), values);
    }

    private static JsonNode Take(JsonNode? of, JsonNode? count)
    {
        var number = (int)count!.GetValue<long>();
        return of is JsonArray items
            ? new JsonArray([.. items.Take(number).Select(i => i?.DeepClone())])
            : Text(of) is var text && text.Length <= number ? text : Text(of)[..number];
    }

    private static JsonObject CreateObject(JsonNode?[] arguments) =>
        new(arguments.Chunk(2).Select(pair => KeyValuePair.Create(Text(pair[0]), pair[1]?.DeepClone())));

    private static JsonNode Union(JsonNode?[] arguments)
    {
        if (arguments.All(a => a is JsonArray))
        {
            return new JsonArray([.. arguments.SelectMany(a => (JsonArray)a!).DistinctBy(i => i?.ToJsonString())
                .Select(i => i?.DeepClone())]);
        }
        var all = new JsonObject();
        foreach (var (key, value) in arguments.SelectMany(a => (JsonObject)a!)) all[key] = value?.DeepClone();
        return all;
    }

    /// <summary>13 characters, as there; not the same ones.</summary>
    private static string Unique(string text)
    {
        const string letters = "abcdefghijklmnopqrstuvwxyz234567";
        return string.Concat(SHA256.HashData(Encoding.UTF8.GetBytes(text)).Take(13).Select(b => letters[b & 31]));
    }

    private static JsonObject Group(TemplateTarget target) => target.Group is null
        ? throw new TemplateException("The template function 'RESOURCEGROUP' is not expected at this location.")
        : new JsonObject { ["id"] = target.GroupId, ["name"] = target.Group, ["location"] = target.Location };

    private static string SubscriptionId(TemplateTarget target, JsonNode?[] arguments) =>
        Text(arguments[0]).Equals("Microsoft.Resources/resourceGroups", StringComparison.OrdinalIgnoreCase)

                ? $"{target.SubscriptionId}/resourceGroups/{Text(arguments[1])}"
                : $"{target.SubscriptionId}/providers/{Id(arguments)}";

    /// <summary><c>A/b/c</c> with the names x and y: <c>A/b/x/c/y</c>.</summary>
    private static string Id(JsonNode?[] arguments)
    {
        var types = Text(arguments[0]).Split('/');
        var names = arguments.Skip(1).Select(Text).ToList();
        if (types.Length - 1 != names.Count)
        {
            throw new TemplateException(
                $"Unable to evaluate template language function 'resourceId': the type '{Text(arguments[0])}' requires '{types.Length - 1}' resource name argument(s).");
        }
        return $"{types[0]}/{string.Join('/', types.Skip(1).Zip(names, (type, name) => $"{type}/{name}"))}";
    }

    private static JsonObject Reference(TemplateTarget target, string id)
    {
        if (target.Reference is not { } lookUp)
        {
            throw new TemplateException(
                "The template function 'reference' is not expected at this location. Please see https://aka.ms/arm-functions for usage details.");
        }
        return lookUp(id) ?? throw new TemplateException(
            $"The resource '{id}' referenced is not defined in the template and does not exist.");
    }
}
