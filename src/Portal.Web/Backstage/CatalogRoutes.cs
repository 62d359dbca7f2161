using System.Text.Json;
using System.Text.Json.Nodes;
using Portal.Core.Access;
using Portal.Core.Shared;
using Portal.Web.Governance;

namespace Portal.Web.Backstage;

/// <summary>The two routes of Backstage's catalog that its clients use most.</summary>
internal static class CatalogRoutes
{
    /// <summary>Of one answer: each is looked up in each entity.</summary>
    private const int MaxFields = 100;

    public static void MapBackstageCatalog(this IEndpointRouteBuilder routes)
    {
        var entities =
            routes.MapGroup("/api/catalog/entities").RequireAuthorization(AccessSetup.Api).ExcludeFromDescription();
        entities.MapGet("/by-name/{kind}/{ns}/{name}", ByNameAsync);
        entities.MapGet("/by-query", ByQueryAsync);
    }

    private static async Task<IResult> ByNameAsync(
        string kind, string ns, string name, Caller caller, BackstageCatalog catalog, CancellationToken cancellation)
    {
        var found = await catalog.FindAsync(new EntityRef(kind, ns, name), caller, cancellation);
        return found.TryGet(out var entity, out var error)
            ? Results.Text(entity, "application/json")
            : error.ToBackstage();
    }

    private static async Task<IResult> ByQueryAsync(
        string[]? filter, string? fields, int? limit, int? offset, string? orderField, string? fullTextFilterTerm,
        string? fullTextFilterFields, string? cursor,
        Caller caller, BackstageCatalog catalog, CancellationToken cancellation)
    {
        var asked = new EntityQuery(
            filter ?? [], orderField ?? "metadata.name,asc", fullTextFilterTerm, fullTextFilterFields,
            Math.Max(0, offset ?? 0), Math.Clamp(limit ?? 20, 0, EntityQuery.Most));
        if (cursor is not null
            && !EntityQuery.FromCursor(cursor, asked.Limit, limit is not null).TryGet(out asked!, out var malformed))
        {
            return malformed.ToBackstage();
        }
        var found = await catalog.QueryAsync(asked, caller, cancellation);
        if (!found.TryGet(out var page, out var error)) return error.ToBackstage();
        var pageInfo = new JsonObject();
        if (asked.Offset + page.Items.Count < page.Total)
        {
            pageInfo["nextCursor"] = asked.At(asked.Offset + page.Items.Count).ToCursor();
        }
        if (asked.Offset > 0) pageInfo["prevCursor"] = asked.At(Math.Max(0, asked.Offset - asked.Limit)).ToCursor();
        return Results.Text(Write(page, fields, pageInfo), "application/json");
    }

    /// <summary>
    /// The database hands entities out as JSON text already; only a choice of fields needs them parsed.
    /// </summary>
    private static string Write(Page<string> page, string? fields, JsonObject pageInfo)
    {
        var chosen = (fields ?? "").Split(',').Distinct(StringComparer.Ordinal).Take(MaxFields).ToArray();
        var items = fields is { Length: > 0 } ? page.Items.Select(i => Pick(i, chosen)) : page.Items;
        return $"{{\"items\":[{string.Join(',', items)}],\"totalItems\":{page.Total},\"pageInfo\":{pageInfo.ToJsonString()}}}";
    }

    private static string Pick(string entity, string[] fields)
    {
        var from = JsonNode.Parse(entity)!.AsObject();
        var to = new JsonObject();
        foreach (var field in fields) Copy(from, to, field.Trim().Split('.'), 0);
        return to.ToJsonString(Json.Options);
    }

    private static void Copy(JsonObject from, JsonObject to, string[] path, int at)
    {
        if (!from.TryGetPropertyValue(path[at], out var value)) return;
        if (at == path.Length - 1) to[path[at]] = value?.DeepClone();
        else if (value is JsonObject next) Copy(next, to[path[at]] as JsonObject ?? Add(to, path[at]), path, at + 1);
    }

    private static JsonObject Add(JsonObject to, string name)
    {
        var made = new JsonObject();
        to[name] = made;
        return made;
    }
}

/// <param name="Filters">Alternatives; the parts of each, separated by commas, must all hold:
/// <c>kind=component,spec.type=service</c>.</param>
/// <param name="OrderField">Path and direction: <c>metadata.name,asc</c>.</param>
internal sealed record EntityQuery(
    string[] Filters, string OrderField, string? Term, string? TermFields, int Offset, int Limit)
{
    /// <summary>Entities at once.</summary>
    public const int Most = 500;

    public EntityQuery At(int offset) => this with { Offset = offset };

    public string ToCursor() => Convert.ToBase64String(JsonSerializer.SerializeToUtf8Bytes(this));

    /// <summary>A cursor comes back from outside: what was never checked on its way out is checked here.</summary>
    private bool CouldBeOurs() =>
        Offset >= 0 && Limit is >= 0 and <= Most && Filters is not null && OrderField is not null
            && Filters.Append(OrderField).Append(Term ?? "").Append(TermFields ?? "")
                .All(t => t is not null && !t.Contains('\0'));

    public static Result<EntityQuery> FromCursor(string cursor, int limit, bool limitGiven)
    {
        try
        {
            var query = JsonSerializer.Deserialize<EntityQuery>(Convert.FromBase64String(cursor));
            if (query is not null && query.CouldBeOurs()) return limitGiven ? query with { Limit = limit } : query;
        }
        catch (Exception e) when (e is FormatException or JsonException)
        {
            // Told below.
        }
        return Error.Invalid(
            "cursor-invalid", "The cursor is not one that this portal gave out. Ask for the first page without one.");
    }
}
