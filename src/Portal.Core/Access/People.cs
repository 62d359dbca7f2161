using System.Collections.Concurrent;
using System.Security.Claims;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Portal.Core.Audit;
using Portal.Core.Data;
using Portal.Core.Entities;
using Portal.Core.Shared;

namespace Portal.Core.Access;

/// <summary>Persons and their groups, as the catalog's User and Group entities have them.</summary>
public sealed class People(IDbContextFactory<PortalDbContext> database, AccessTokens tokens, TimeProvider time)
{
    /// <summary>How long a changed membership may take to reach this process.</summary>
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, (Actor Actor, DateTimeOffset At)> known = new(StringComparer.Ordinal);

    /// <summary>Memberships that this process has just changed count at once here.</summary>
    public void Forget() => known.Clear();

    /// <summary>
    /// For whom stored work acts, as its row names them: a person, or the portal itself. Not for who comes from
    /// outside.
    /// </summary>
    public async Task<Actor> ActorAsync(EntityRef stored, CancellationToken cancellation) =>
        stored == Actor.System.Ref ? Actor.System : await PersonAsync(stored, cancellation);

    /// <summary>Who is signed in there; nobody where nobody is. Never the portal, whatever a claim says.</summary>
    public async Task<Actor> PersonAsync(ClaimsPrincipal signedIn, CancellationToken cancellation) =>
        signedIn.Identity is { IsAuthenticated: true } && signedIn.Reference() is { } person
            ? await PersonAsync(person, cancellation)
            : Actor.Nobody;

    /// <summary>
    /// The person with all groups, those above their own included. Who has no entity has no groups; what is no person
    /// is nobody.
    /// </summary>
    public async Task<Actor> PersonAsync(EntityRef person, CancellationToken cancellation)
    {
        if (!Actor.CanBe(person)) return Actor.Nobody;
        if (known.TryGetValue(person.Key, out var hit) && time.GetUtcNow() - hit.At < Freshness) return hit.Actor;
        await using var db = await database.CreateDbContextAsync(cancellation);
        var name = await db.Set<CatalogEntity>().Where(e => e.Key == person.Key).Select(e => e.Title ?? e.Name)
            .SingleOrDefaultAsync(cancellation);
        var groups = await db.Database.SqlQuery<string>($"""
            with recursive mine(key) as (
              select target from catalog_relations where source = {person.Key} and type = {Relations.MemberOf}
              union
              select r.target from catalog_relations r join mine m on r.source = m.key and r.type = {Relations.ChildOf})
            select key as "Value" from mine
            """).ToListAsync(cancellation);
        var actor = new Actor(person, name ?? person.Name, groups.ConvertAll(g => EntityRef.Parse(g)));
        known[person.Key] = (actor, time.GetUtcNow());
        return actor;
    }

    /// <summary>
    /// The descriptor of the person's entity, for <c>user.entity</c> in templates; null when there is none.
    /// </summary>
    public async Task<JsonObject?> DescriptorAsync(EntityRef person, CancellationToken cancellation)
    {
        await using var db = await database.CreateDbContextAsync(cancellation);
        var json = await db.Set<CatalogEntity>().Where(e => e.Key == person.Key).Select(e => e.Descriptor)
            .SingleOrDefaultAsync(cancellation);
        return json is null ? null : JsonNode.Parse(json)!.AsObject();
    }

    /// <summary>Location of a person whom nobody has described: there is a token for them.</summary>
    public const string MadeForToken = "portal:token";

    /// <summary>
    /// A new token that acts for the person, who is made if absent; the text is shown once and not kept.
    /// </summary>
    /// <param name="days">Null = the usual time.</param>
    /// <param name="administrator">Also give the person the right to do everything; asked by who has the
    /// machine.</param>
    /// <exception cref="ArgumentException">The name or the days are not possible; the message says why.</exception>
    public async Task<string> IssueTokenAsync(
        EntityRef person, CancellationToken cancellation, int? days = null, string? name = null,
        bool administrator = false)
    {
        if (!Actor.CanBe(person))
        {
            throw new ArgumentException($"A token acts for a person, and {person} is none.", nameof(person));
        }
        if (!tokens.Checked(name, days).TryGet(out var asked, out var wrong))
        {
            throw new ArgumentException(wrong.Message, nameof(days));
        }
        await using var db = await database.CreateDbContextAsync(cancellation);
        var now = time.Now();
        var audit = new List<AuditEntry>();
        var entity = await db.Set<CatalogEntity>().Where(e => e.Key == person.Key).Select(e => (Guid?)e.Id)
            .SingleOrDefaultAsync(cancellation);
        if (entity is null)
        {
            var descriptor = new JsonObject
            {
                ["apiVersion"] = "backstage.io/v1alpha1", ["kind"] = "User",
                ["metadata"] = new JsonObject { ["name"] = person.Name, ["namespace"] = person.Namespace },
                ["spec"] = new JsonObject
                {
                    ["profile"] = new JsonObject { ["displayName"] = person.Name }, ["memberOf"] = new JsonArray()
                },
            };
            var made = new CatalogEntity
            {
                Key = person.Key, Kind = "User", Namespace = person.Namespace, Name = person.Name,
                Descriptor = descriptor.ToJsonString(),
                Location = MadeForToken, CreatedAt = now, UpdatedAt = now,
            };
            db.Add(made);
            entity = made.Id;
            audit.Add(new AuditEntry(Actor.System, "entity.created", person.ToString(), $"Made {person} for a token"));
        }
        var (row, text) = AccessToken.Create(person, entity, asked.Name, now, now + TimeSpan.FromDays(asked.Days));
        db.Add(row);
        if (administrator && await Administrators.AddAsync(db, person, Actor.System, cancellation) is { } granted)
        {
            audit.Add(granted);
        }
        audit.Add(new AuditEntry(Actor.System, "token.issued", person.ToString(), $"Issued a token for {person}"));
        await db.SaveAuditedAsync(time, cancellation, audit);
        return text;
    }
}
