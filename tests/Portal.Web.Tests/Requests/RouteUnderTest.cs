using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;

namespace Portal.Web.Tests.Requests;

/// <summary>One address of the portal, with what its code reads of a request.</summary>
internal sealed class RouteUnderTest(RouteEndpoint endpoint)
{
    private static readonly HashSet<string> OfServer =
    [
        "CancellationToken", "ClaimsPrincipal", "HttpContext", "HttpRequest", "HttpResponse"
    ];

    private readonly MethodInfo? handler = endpoint.Metadata.GetMetadata<MethodInfo>();

    public string Name => $"{string.Join('|', Methods)} {endpoint.RoutePattern.RawText}";

    public IReadOnlyList<string> Methods =>
        endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods is { Count: > 0 } some
            ? some
            : ["GET", "POST"];

    public IReadOnlyList<string> PathParameters => [.. endpoint.RoutePattern.Parameters.Select(p => p.Name)];

    public IReadOnlyList<string> QueryParameters =>
    [
        .. endpoint.Metadata.GetMetadata<ComponentTypeMetadata>() is { } page
            ? page.Type.GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
                .Select(p => (p.Name, Query: p.GetCustomAttribute<SupplyParameterFromQueryAttribute>()))
                .Where(p => p.Query is not null).Select(p => p.Query!.Name ?? p.Name)
            : Parameters.Where(p => IsSimple(p.Type)).Select(p => p.Name).Except(
                PathParameters, StringComparer.OrdinalIgnoreCase),
        "anything",
    ];

    /// <summary>
    /// The members of the body that its code reads, each with a usual value; empty where it reads none.
    /// </summary>
    public IReadOnlyList<(string Name, JsonNode? Usual)> BodyMembers =>
        endpoint.Metadata.GetMetadata<IAcceptsMetadata>()?.RequestType is { } type && !IsSimple(type)
            ? [.. type.GetProperties().Where(p => p.CanWrite)
                .Select(p => (JsonNamingPolicy.CamelCase.ConvertName(p.Name), Usual(p.PropertyType, p.Name)))]
            : endpoint.RoutePattern.RawText!.EndsWith("dry-run", StringComparison.Ordinal)
                ?
                [
                    ("template", new JsonObject()), ("values", new JsonObject()), ("secrets", new JsonObject()),
                    ("directoryContents", new JsonArray())
                ]
                : [];

    public bool TakesBody => Methods.Any(m => m is "POST" or "PUT" or "PATCH" or "DELETE");

    /// <summary>Files of the build: they read nothing of a request but its path.</summary>
    public bool IsAsset =>
        endpoint.Metadata.Any(m => m.GetType().Name.Contains("StaticAsset", StringComparison.Ordinal));

    /// <summary>The path with a usual value in each place but one.</summary>
    public string Path(string? parameter = null, string value = "")
    {
        var parts =
            endpoint.RoutePattern.PathSegments.Select(segment => string.Concat(segment.Parts.Select(part => part switch
            {
                RoutePatternLiteralPart literal => literal.Content,
                RoutePatternSeparatorPart separator => separator.Content,
                RoutePatternParameterPart p when p.Name == parameter => value,
                RoutePatternParameterPart { ParameterPolicies: [{ Content: "guid" }, ..] } => "018f0000-0000-7000-8000-000000000001",
                RoutePatternParameterPart { Name: "instance" } => "forge",
                _ => "default",
            })));
        return "/" + string.Join('/', parts);
    }

    private IEnumerable<(string Name, Type Type)> Parameters =>
        (handler?.GetParameters() ?? []).SelectMany(p => p.GetCustomAttribute<AsParametersAttribute>() is null
            ? [(p.Name!, p.ParameterType)]
            : p.ParameterType.GetProperties().Select(member => (member.Name, member.PropertyType)));

    private static bool IsSimple(Type type)
    {
        var inner = type.GetElementType() ?? Nullable.GetUnderlyingType(type) ?? type;
        return !OfServer.Contains(inner.Name) && (inner == typeof(string) || inner.IsPrimitive || inner == typeof(Guid)
            || inner.Name is "Moment" or "DateTimeOffset" || inner.Name.StartsWith("Word", StringComparison.Ordinal));
    }

    private static JsonNode? Usual(Type type, string name) => (Nullable.GetUnderlyingType(type) ?? type) switch
    {
        var t when t == typeof(string) => name switch
        {
            "Template" or "TemplateRef" => "template:default/static-site",
            "Component" => "component:default/nothing",
            "Repository" => "orders/nothing",
            "Lifetime" => "P1D",
            _ => null,
        },
        var t when t == typeof(JsonObject) => new JsonObject(),
        var t when t == typeof(bool) => false,
        var t when t.IsPrimitive => 0,
        _ => null,
    };
}
