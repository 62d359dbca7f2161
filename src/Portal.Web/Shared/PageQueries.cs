using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Endpoints;
using Portal.Core.Shared;

namespace Portal.Web.Shared;

/// <summary>
/// A page whose query does not fit its parameters is refused in words; the framework would fail in the middle of it.
/// </summary>
internal static class PageQueries
{
    private static readonly ConcurrentDictionary<Type, (string Name, Type Type)[]> Parameters = new();

    /// <summary>
    /// What of the query does not fit the page that was asked for; null when all does, or when it is no page.
    /// </summary>
    public static Error? Problem(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<ComponentTypeMetadata>() is not { } page) return null;
        foreach (var (name, type) in Parameters.GetOrAdd(page.Type, Read))
        {
            foreach (var value in context.Request.Query[name])
            {
                if (!Fits(value ?? "", type)) return Misfits.Describe(value, name, type.Name);
            }
        }
        return null;
    }

    private static (string, Type)[] Read(Type page) =>
    [
        .. from property in page.GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
           let query = property.GetCustomAttribute<SupplyParameterFromQueryAttribute>()
           where query is not null
           let type = property.PropertyType.GetElementType() ?? property.PropertyType
           select (query.Name ?? property.Name, type),
    ];

    private static bool Fits(string value, Type type)
    {
        if (Nullable.GetUnderlyingType(type) is { } inner) return value.Length == 0 || Fits(value, inner);
        return type == typeof(int) ? int.TryParse(value, CultureInfo.InvariantCulture, out _)
            : type == typeof(long) ? long.TryParse(value, CultureInfo.InvariantCulture, out _)
            : type == typeof(bool) ? bool.TryParse(value, out _)
            : type != typeof(Guid) || Guid.TryParse(value, out _);
    }
}
