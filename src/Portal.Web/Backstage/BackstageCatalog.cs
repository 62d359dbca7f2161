using System.Globalization;
using Npgsql;
using Portal.Core.Access;
using Portal.Core.Data;
using Portal.Core.Entities;
using Portal.Core.Shared;

namespace Portal.Web.Backstage;

/// <summary>
/// Entities as Backstage shows them, put together by PostgreSQL and handed out as text: they are not parsed on the way
/// through.
/// </summary>
internal sealed class BackstageCatalog(NpgsqlDataSource database, Authorise authorise)
{
    /// <summary>Of a filter: each is a look into every entity.</summary>
    private const int MaxConditions = 200;

    /// <summary>Of one page, whatever a cursor says.</summary>
    private const int MaxItems = 500;

    private const string Shown = """
        (e.descriptor || jsonb_build_object(
          'metadata', coalesce(e.descriptor->'metadata', '{}') || jsonb_build_object('namespace', e.namespace, 'uid', e.id, 'etag', md5(e.updated_at::text)),
          'relations', coalesce((select jsonb_agg(jsonb_build_object('type', r.type, 'targetRef', r.target) order by r.type, r.target)
                                 from catalog_relations r where r.source = e.key), '[]')))::text
        """;

    public async Task<Result<string>> FindAsync(EntityRef entity, Actor actor, CancellationToken cancellation)
    {
        await using var command =
            database.CreateCommand($"select {Shown}, e.owner from catalog_entities e where e.key = $1");
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = entity.Key });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        if (!await reader.ReadAsync(cancellation))
        {
            return Error.NotFound(
                "entity-not-found",
                $"No entity found with kind {entity.Kind}, namespace {entity.Namespace}, name {entity.Name}");
        }
        EntityRef.TryParse(
            await reader.IsDBNullAsync(1, cancellation) ? null : reader.GetString(1), "group", out var owner);
        return (await authorise.CheckAsync(actor, Permissions.CatalogRead, owner, cancellation)).Error is { } refused
            ? refused
            : reader.GetString(0);
    }

    public async Task<Result<Page<string>>> QueryAsync(EntityQuery query, Actor actor, CancellationToken cancellation)
    {
        if (!(await authorise.VisibleAsync(actor, Permissions.CatalogRead, cancellation)).TryGet(
            out var visible, out var refused))
        {
            return refused;
        }
        if (query.Filters.Sum(f => f.Count(c => c == ',') + 1L) + (query.TermFields?.Count(c => c == ',') ?? 0)
            > MaxConditions)
        {
            return Error.Invalid("filter-too-long", $"The filter has more than {MaxConditions} conditions.");
        }
        query = query with { Limit = Math.Clamp(query.Limit, 0, MaxItems) };
        await using var command = database.CreateCommand();
        var where = Where(query, command);
        if (visible.Keys is { } owners) where = $"({where}) and e.owner = any({Parameter(command, owners.ToArray())})";
        var order = Order(query.OrderField, command);
        command.CommandText = $"""
            select (select count(*) from catalog_entities e where {where}), null
            union all
            (select null, {Shown} from (select * from catalog_entities e where {where} order by {order}, e.id limit {query.Limit} offset {query.Offset}) e
             order by {order}, e.id)
            """;
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var (total, items) = (0, new List<string>());
        while (await reader.ReadAsync(cancellation))
        {
            if (await reader.IsDBNullAsync(1, cancellation)) total = (int)reader.GetInt64(0);
            else items.Add(reader.GetString(1));
        }
        return new Page<string>(items, total);
    }

    private static string Where(EntityQuery query, NpgsqlCommand command)
    {
        var alternatives =
            query.Filters.Select(f => string.Join(" and ", f.Split(',', StringSplitOptions.RemoveEmptyEntries)
                .GroupBy(part => part.Split('=')[0].Trim(), StringComparer.OrdinalIgnoreCase)
                .Select(g => "(" + string.Join(" or ", g.Select(p => Condition(p, command))) + ")")))
                .Where(f => f.Length > 0).ToList();
        var where = alternatives.Count == 0 ? "true" : "(" + string.Join(" or ", alternatives) + ")";
        if (query.Term is not { Length: > 0 } term) return where;
        var like = Parameter(command, Like.Containing(term));
        var fields = query.TermFields is { Length: > 0 } chosen
            ? chosen.Split(',')
            : ["metadata.name", "metadata.title", "metadata.description"];
        return $"{where} and ({string.Join(" or ", fields.Select(f => $"{Path(f.Trim(), command)} ilike {like}"))})";
    }

    /// <summary><c>path=value</c>, or <c>path</c> alone for "has it".</summary>
    private static string Condition(string part, NpgsqlCommand command)
    {
        var split = part.Split('=', 2);
        var path = split[0].Trim();
        if (path.StartsWith("relations.", StringComparison.OrdinalIgnoreCase))
        {
            var type = Parameter(command, path["relations.".Length..].ToLowerInvariant());
            var target = split.Length == 1 ? "" : $" and r.target = lower({Parameter(command, split[1].Trim())})";
            return $"exists (select from catalog_relations r where r.source = e.key and lower(r.type) = {type}{target})";
        }
        if (split.Length == 1) return $"{Path(path, command)} is not null";
        var value = split[1].Trim();
        return path.ToLowerInvariant() switch
        {
            "kind" => $"e.kind = {Parameter(command, Descriptor.Kinds.FirstOrDefault(k => k.Equals(value, StringComparison.OrdinalIgnoreCase)) ?? value)}",
            "metadata.tags" => $"{Parameter(command, value)} = any(e.tags)",
            _ => $"lower({Path(path, command)}) = lower({Parameter(command, value)})",
        };
    }

    private static string Order(string field, NpgsqlCommand command)
    {
        var parts = field.Split(',');
        var direction = parts.Length > 1
            && parts[1].Trim().Equals("desc", StringComparison.OrdinalIgnoreCase) ? "desc" : "asc";
        return $"{Path(parts[0].Trim(), command)} {direction}";
    }

    /// <summary>The column that holds it, where there is one: those have indexes.</summary>
    private static string Path(string path, NpgsqlCommand command) => path.ToLowerInvariant() switch
    {
        "kind" => "e.kind",
        "metadata.name" => "e.name",
        "metadata.namespace" => "e.namespace",
        "metadata.title" => "e.title",
        "metadata.description" => "e.description",
        "spec.type" => "e.type",
        "spec.lifecycle" => "e.lifecycle",
        _ => $"e.descriptor #>> {Parameter(command, Steps(path))}",
    };

    /// <summary>The first two parts are names without dots; what follows, an annotation's say, may have some.</summary>
    private static string[] Steps(string path)
    {
        var parts = path.Split('.');
        return parts is ["metadata", "annotations" or "labels", _, ..]
            ? [parts[0], parts[1], string.Join('.', parts[2..])]
            : parts;
    }

    private static string Parameter<T>(NpgsqlCommand command, T value)
    {
        command.Parameters.Add(new NpgsqlParameter<T> { TypedValue = value });
        return "$" + command.Parameters.Count.ToString(CultureInfo.InvariantCulture);
    }
}
