using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Core.Access;
using Portal.Core.Audit;
using Portal.Core.Data;
using Portal.Core.Entities;
using Portal.Core.Shared;

namespace Portal.Core.Catalog.Organisation;

/// <param name="Teams">Made first: people are put into them by name.</param>
public sealed record SetUpWish(NewPerson Administrator, IReadOnlyList<NewTeam> Teams, IReadOnlyList<NewPerson> People)
{
    public const int Most = 200;
}

/// <summary>
/// Names the first administrator of a portal that has none: whom the configuration names, or who has the link of the
/// log. When there is one, there is nothing here any more.
/// </summary>
public sealed class FirstSetUp(
    ChangeOrganisation changes, IDbContextFactory<PortalDbContext> database, IOptions<AccessOptions> options,
    TimeProvider time)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);
    private static readonly Error Over = Error.NotFound("set-up-over", "There is nothing to set up at this address.");

    /// <summary>At start.</summary>
    /// <returns>A new key that opens the set-up for a day; null where none is needed.</returns>
    public async Task<string?> PrepareAsync(CancellationToken cancellation)
    {
        await using var db = await database.CreateDbContextAsync(cancellation);
        if (await Administrators.AnyAsync(db, cancellation))
        {
            await db.Set<SetUpKey>().ExecuteDeleteAsync(cancellation);
            return null;
        }
        if (!string.IsNullOrWhiteSpace(options.Value.FirstAdministrator))
        {
            await NameAsync(cancellation);
            return null;
        }
        var (key, now) = (Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24)), time.Now());
        await db.Set<SetUpKey>().Where(k => k.EndsAt < now).ExecuteDeleteAsync(cancellation);
        db.Add(new SetUpKey { Hash = AccessToken.HashOf(key), EndsAt = now + Lifetime });
        await db.SaveChangesAsync(cancellation);
        return key;
    }

    public async Task<bool> IsOpenAsync(string? key, CancellationToken cancellation)
    {
        await using var db = await database.CreateDbContextAsync(cancellation);
        return await IsOpenAsync(db, key, cancellation);
    }

    /// <summary>The administrator with teams and people, all or none; the key is good for that once.</summary>
    public Task<Result<EntityRef>> CompleteAsync(string? key, SetUpWish wish, CancellationToken cancellation) =>
        changes.ExecuteAsync<EntityRef>(async rows =>
        {
            if (!await IsOpenAsync(rows.Db, key, cancellation)) return Over;
            if (wish.Teams.Count > SetUpWish.Most || wish.People.Count > SetUpWish.Most)
            {
                return Error.Invalid(
                    "too-many", $"Name at most {SetUpWish.Most} teams and people here; import more of them later.");
            }
            if (!OrganisationInput.Name("User", wish.Administrator.Name).TryGet(out var person, out var wrong))
            {
                return wrong;
            }
            if (wish.Administrator.Profile.Wrong() is { } profile) return profile;
            var by = new Actor(person, wish.Administrator.Profile.Title ?? person.Name, []);
            if (await TeamsAsync(rows, wish.Teams, by, cancellation) is { } team) return team;
            if (await AdministratorAsync(rows, wish.Administrator, person, by, cancellation) is { } first) return first;
            foreach (var each in wish.People)
            {
                if ((await ChangePeople.AddAsync(rows, each, by, cancellation)).Error is { } refused)
                {
                    return refused with { Message = $"{each.Profile.Title ?? each.Name}: {refused.Message}" };
                }
            }
            await rows.Db.Set<SetUpKey>().ExecuteDeleteAsync(cancellation);
            return person;
        }, cancellation);

    private async Task NameAsync(CancellationToken cancellation)
    {
        var named = await changes.ExecuteAsync<Done>(async rows =>
        {
            var name = options.Value.FirstAdministrator;
            if (!OrganisationInput.Name("User", name).TryGet(out var person, out var wrong)) return wrong;
            var asked = new NewPerson(name, new Profile(null));
            return await AdministratorAsync(rows, asked, person, Actor.System, cancellation) is { } refused
                ? refused
                : Done.Instance;
        }, cancellation);
        if (named.Error is { } error) throw new InvalidOperationException(error.Message);
    }

    /// <summary>Somebody may be there already: made for a token, or described in a file.</summary>
    private static async Task<Error?> AdministratorAsync(
        OrganisationRows rows, NewPerson asked, EntityRef person, Actor by, CancellationToken cancellation)
    {
        if (!(await rows.PersonAsync(person, cancellation)).IsOk
            && (await ChangePeople.AddAsync(rows, asked, by, cancellation)).Error is { } refused)
        {
            return refused;
        }
        if (await Administrators.AddAsync(rows.Db, person, by, cancellation) is { } granted) rows.Audit.Add(granted);
        return null;
    }

    private static async Task<Error?> TeamsAsync(
        OrganisationRows rows, IReadOnlyList<NewTeam> teams, Actor by, CancellationToken cancellation)
    {
        var made = new List<Descriptor>();
        foreach (var each in teams)
        {
            if (!OrganisationInput.Name("Group", each.Name).TryGet(out var team, out var wrong)) return wrong;
            if (each.Profile.Wrong() is { } profile) return profile;
            if (made.Exists(d => d.Ref == team) || (await rows.TeamAsync(team, cancellation)).IsOk)
            {
                return OrganisationErrors.Taken(team);
            }
            made.Add(OrganisationInput.Team(team, each.Profile, null));
        }
        await rows.PutAsync(made, OrganisationSource.Portal, by, cancellation);
        return null;
    }

    private async Task<bool> IsOpenAsync(PortalDbContext db, string? key, CancellationToken cancellation)
    {
        if (string.IsNullOrEmpty(key)) return false;
        var (hash, now) = (AccessToken.HashOf(key), time.Now());
        return await db.Set<SetUpKey>().AnyAsync(k => k.Hash == hash && k.EndsAt > now, cancellation)
            && !await Administrators.AnyAsync(db, cancellation);
    }
}
