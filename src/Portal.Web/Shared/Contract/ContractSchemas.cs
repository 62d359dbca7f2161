using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Portal.Web.Shared.Contract;

/// <summary>
/// What the framework cannot tell of a type: our own converters say nothing of what they write, and a number that
/// would also be read from a text is documented as a number.
/// </summary>
internal static class ContractSchemas
{
    public static Task Describe(OpenApiSchema schema, OpenApiSchemaTransformerContext context,
        CancellationToken cancellation)
    {
        var type = Nullable.GetUnderlyingType(context.JsonTypeInfo.Type) ?? context.JsonTypeInfo.Type;
        if (schema.Pattern is not null && IsNumber(schema.Type))
        {
            (schema.Type, schema.Pattern) = (schema.Type & ~JsonSchemaType.String, null);
        }
        if (type == typeof(string)) schema.Type = OrNull(JsonSchemaType.String, context);
        else if (type.IsEnum) schema.Type = JsonSchemaType.String;
        else if (DescribeWord(schema, type)) return Task.CompletedTask;
        else if (typeof(JsonObject).IsAssignableFrom(type)) Open(schema, OrNull(JsonSchemaType.Object, context));
        else if (ItemOf(type) is { } item) DescribeItems(schema, item);
        return Task.CompletedTask;
    }

    /// <summary>Of a query string: what <see cref="Moment"/> and <see cref="Word{T}"/> read.</summary>
    public static bool DescribeWord(OpenApiSchema schema, Type read)
    {
        var type = Nullable.GetUnderlyingType(read) ?? read;
        if (type == typeof(Moment)) Become(schema, JsonSchemaType.String, "date-time");
        else if (WordIn(type) is { } word) Choose(schema, word);
        else return false;
        return true;
    }

    private static bool IsNumber(JsonSchemaType? type) =>
        type is { } t && (t.HasFlag(JsonSchemaType.Integer) || t.HasFlag(JsonSchemaType.Number));

    private static JsonSchemaType OrNull(JsonSchemaType type, OpenApiSchemaTransformerContext context) =>
        context.JsonPropertyInfo?.IsGetNullable == true ? type | JsonSchemaType.Null : type;

    private static Type? WordIn(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Word<>) ? type.GetGenericArguments()[0] : null;

    /// <summary>Of a list, or the value of a dictionary.</summary>
    private static Type? ItemOf(Type type) =>
        type.IsArray ? type.GetElementType() : type.IsGenericType ? type.GetGenericArguments()[^1] : null;

    private static void DescribeItems(OpenApiSchema schema, Type item)
    {
        if (item == typeof(string) && schema.Type is { } type)
        {
            var text = new OpenApiSchema { Type = JsonSchemaType.String };
            if (type.HasFlag(JsonSchemaType.Array)) schema.Items = text;
            else if (type.HasFlag(JsonSchemaType.Object)) schema.AdditionalProperties = text;
        }
    }

    /// <summary>Of somebody else's shape; said outright: generators take an object without members for empty.</summary>
    private static void Open(OpenApiSchema schema, JsonSchemaType type) =>
        (schema.Type, schema.AdditionalProperties) = (type, new OpenApiSchema());

    private static void Choose(OpenApiSchema schema, Type word)
    {
        Become(schema, JsonSchemaType.String, null);
        schema.Enum = [.. Enum.GetNames(word).Select(n => (JsonNode)JsonNamingPolicy.CamelCase.ConvertName(n))];
    }

    private static void Become(OpenApiSchema schema, JsonSchemaType type, string? format) =>
        (schema.Type, schema.Format, schema.Properties) = (type, format, null);
}
