using Npgsql;
using Portal.Core.Data.PrivateCluster;

namespace Portal.Benchmarks;

/// <summary>
/// Puts 5,000 components, 50 groups and 50 systems with their relations into the portal's database: no route takes so
/// many at once, and what is measured is reading them.
/// </summary>
internal static class CatalogRows
{
    public const int Components = 5_000;

    private const string Script = """
        with made as (
          select 'Group' as kind, 'group-' || i as name, null as owner, null as system, 'team' as type, jsonb_build_object('type', 'team', 'children', '[]'::jsonb) as spec
          from generate_series(1, 50) i
          union all
          select 'System', 'system-' || i, 'group:default/group-' || i, null, null, jsonb_build_object('owner', 'group-' || i)
          from generate_series(1, 50) i
          union all
          select 'Component', 'component-' || lpad(i::text, 5, '0'), 'group:default/group-' || 1 + i % 50, 'system:default/system-' || 1 + i % 50, 'service',
            jsonb_build_object('type', 'service', 'lifecycle', 'production', 'owner', 'group-' || 1 + i % 50, 'system', 'system-' || 1 + i % 50)
          from generate_series(1, 5000) i)
        insert into catalog_entities
          (id, key, kind, namespace, name, title, description, owner, type, lifecycle, system, tags, descriptor, location, is_sample, created_at, updated_at)
        select gen_random_uuid(), lower(kind) || ':default/' || name, kind, 'default', name, initcap(replace(name, '-', ' ')), 'Made to be measured: ' || name, owner, type,
          spec->>'lifecycle', system, '{java,measured}',
          jsonb_build_object('apiVersion', 'backstage.io/v1alpha1', 'kind', kind, 'spec', spec, 'metadata', jsonb_build_object(
            'name', name, 'title', initcap(replace(name, '-', ' ')), 'description', 'Made to be measured: ' || name, 'tags', '["java", "measured"]'::jsonb,
            'annotations', jsonb_build_object('backstage.io/managed-by-location', 'url:http://127.0.0.1/' || name, 'backstage.io/techdocs-ref', 'dir:.'),
            'links', jsonb_build_array(jsonb_build_object('url', 'http://127.0.0.1/' || name, 'title', 'Dashboard')))),
          'bench:' || name, false, now(), now()
        from made;
        insert into catalog_relations (source, type, target, stated)
        select key, 'ownedBy', owner, true from catalog_entities where location like 'bench:%' and owner is not null
        union all select owner, 'ownerOf', key, false from catalog_entities where location like 'bench:%' and owner is not null
        union all select key, 'partOf', system, true from catalog_entities where location like 'bench:%' and system is not null
        union all select system, 'hasPart', key, false from catalog_entities where location like 'bench:%' and system is not null;
        analyze catalog_entities, catalog_relations;
        """;

    public static string NameOf(int number) => $"component-{number:00000}";

    /// <param name="data">The portal's data folder.</param>
    public static async Task LoadAsync(string data, CancellationToken cancellation)
    {
        var postgres = new PrivatePostgres(new PrivatePostgresOptions { Folder = Path.Combine(data, "postgres") });
        await using var connection = new NpgsqlConnection(await postgres.EnsureRunningAsync(cancellation));
        await connection.OpenAsync(cancellation);
        await using var command = new NpgsqlCommand(Script, connection) { CommandTimeout = 120 };
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
