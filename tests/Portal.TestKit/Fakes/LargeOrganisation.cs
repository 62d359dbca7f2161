using Microsoft.EntityFrameworkCore;
using Portal.Core.Data;

namespace Portal.TestKit.Fakes;

/// <summary>Fifty teams with some thousand things, put straight into the tables.</summary>
public static class LargeOrganisation
{
    public const int Services = 3_000, Intervals = 6_000, Runs = 2_000;

    /// <param name="now">The environments have run since the first of its month.</param>
    public static async Task StockAsync(PortalDbContext db, DateTimeOffset now)
    {
        var month = new DateTimeOffset(now.Year, now.Month, 1, 0, 0, 0, TimeSpan.Zero);
        await db.Database.ExecuteSqlAsync(
            $$"""
            insert into catalog_entities (id, key, kind, namespace, name, title, description, owner, type, tags, descriptor, location, is_sample, created_at, updated_at)
            select gen_random_uuid(), 'component:default/service-' || i, 'Component', 'default', 'service-' || i, 'Service number ' || i, 'Sells things',
              'group:default/team-' || i % 50, 'service', '{}', '{}', 'url:x', false, {{now}}, {{now}}
            from generate_series(1, {{Services}}) i
            """);
        await db.Database.ExecuteSqlAsync(
            $"""
            insert into environments (id, name, component, owner, type, size, provider, repository, repository_provider, follows_default_branch, status, restarts,
              created_by, run_id, price_per_hour, currency, created_at, is_reserved)
            select 'service-' || i || '-dev', 'dev', 'component:default/service-' || i, 'group:default/team-' || i % 50, case when i % 3 = 0 then 'prod' else 'dev' end, 'small',
              'local', 'teams/service-' || i, 'local', true, case when i % 10 = 0 then 'Failed' else 'Running' end, 0, 'user:default/ada', gen_random_uuid(), 0.5, 'EUR', {now}, false
            from generate_series(1, {Services}) i
            """);
        await db.Database.ExecuteSqlAsync(
            $"""
            insert into usage_intervals (id, environment_id, component, owner, size, price_per_hour, currency, "from", "to")
            select gen_random_uuid(), 'service-' || i % {Services} || '-dev', 'component:default/service-' || i % {Services}, 'group:default/team-' || i % 50, 'small', 0.37,
              case when i % 7 = 0 then 'USD' else 'EUR' end, {month} + i * interval '1 minute', case when i % 2 = 0 or i > {Services} then {month} + i * interval '2 minutes' end
            from generate_series(1, {Intervals}) i
            """);
        await db.Database.ExecuteSqlAsync(
            $$"""
            insert into runs (id, title, spec, "values", secret_names, status, token, attempt, cancel_requested, last_event, wait, approvers, created_by, owner, created_at)
            select gen_random_uuid(), 'Run ' || i, '{}', '{}', '{}', 'Waiting', 1, 1, false, 0,
              jsonb_build_object('key', 'k', 'stepId', 's', 'kind', 'approval', 'title', 'May it?', 'approvers', jsonb_build_array('Team-' || i % 50)),
              array['group:default/team-' || i % 50], case when i % 5 = 0 then 'user:default/kim' else 'user:default/bo' end, 'group:default/team-' || i % 50,
              {{now}} - i * interval '1 second'
            from generate_series(1, {{Runs}}) i
            """);
    }
}
