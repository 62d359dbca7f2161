using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Catalog.Actions;
using Portal.Core.Runs.Actions;
using Portal.Core.Data;
using Portal.Core.Entities;
using Portal.Core.Providers;
using Portal.Core.Runs;
using Portal.Core.Shared;

namespace Portal.Core.Catalog.Discovery;

/// <summary>Proposes a descriptor to a repository that has none: a run that opens a pull request there.</summary>
public sealed partial class ProposeDescriptor(
    IDbContextFactory<PortalDbContext> database, Authorise authorise, ProviderRegistry providers, StartRun start)
{
    /// <summary>How many are proposed at once: each is a pull request that somebody has to read.</summary>
    public const int MostAtOnce = 25;

    /// <summary>A hint's team is a group of the same name, a login a user; null without a hint.</summary>
    public static EntityRef? OwnerOf(FoundRepository row) =>
        row.ProposedOwner is not { } name || !NamePattern().IsMatch(name)
            ? null
            : row.ProposedOwnerIsTeam ? EntityRef.Group(name) : EntityRef.User(name);

    /// <summary>Why none can be proposed; null when one can.</summary>
    public async Task<string?> WhyNotAsync(FoundRepository row, Actor actor, CancellationToken cancellation)
    {
        if (row.DescriptorPath is not null) return "It has a descriptor.";
        if (row.Problem is not null) return row.Problem;
        if (row.PullRequestUrl is not null) return "It is proposed already.";
        if (row.IsArchived) return "It is archived.";
        if (row.HeadCommit is null) return "It is empty.";
        if (providers.Find<IPullRequestHost>(row.Provider) is null
            || providers.Find<IRepositoryHost>(row.Provider) is null)
        {
            return $"{row.Provider} takes no pull requests: add catalog-info.yaml by hand.";
        }
        if (OwnerOf(row) is not { } owner)
        {
            return "Nothing tells who owns it: add a CODEOWNERS file, or the descriptor by hand.";
        }
        return await authorise.MayAsync(actor, Permissions.CatalogChange, owner, cancellation)
            ? null
            : $"It is for {owner.Name} or the platform team to propose.";
    }

    /// <summary>Returns the run that opens the pull request.</summary>
    public async Task<Result<Guid>> ExecuteAsync(
        string provider, string repository, Actor actor, CancellationToken cancellation)
    {
        await using var db = await database.CreateDbContextAsync(cancellation);
        var row = await db.Set<FoundRepository>().AsNoTracking().SingleOrDefaultAsync(
            r => r.Provider == provider && r.Repository == repository, cancellation);
        if (row is null) return Error.NotFound("repository-not-found", $"{provider} shows no repository {repository}.");
        return await ProposeAsync(db, row, actor, cancellation);
    }

    /// <summary>
    /// For all that match and can be, at most <see cref="MostAtOnce"/>; returns how many runs were started.
    /// </summary>
    public async Task<Result<int>> ForAllAsync(DiscoveryFilter filter, Actor actor, CancellationToken cancellation)
    {
        if ((await authorise.CheckAsync(actor, Permissions.Administer, null, cancellation)).Error is { } refused)
        {
            return refused;
        }
        await using var db = await database.CreateDbContextAsync(cancellation);
        var can = ReadDiscovery.Matching(db, VisibleOwners.Everybody, filter with { Show = FoundShow.Without })
            .Where(r => r.PullRequestUrl == null && !r.IsArchived && r.ProposedOwner != null && r.HeadCommit != null)
            .OrderBy(r => r.Repository).ThenBy(r => r.Provider);
        var (started, seen) = (0, 0);
        // Some of them cannot be in the end, so it is looked further until there are enough; what is started stays in
        // the list.
        while (started < MostAtOnce
            && await can.Skip(seen).Take(MostAtOnce).ToListAsync(cancellation) is { Count: > 0 } rows)
        {
            seen += rows.Count;
            foreach (var row in rows)
            {
                if (started == MostAtOnce) break;
                if ((await ProposeAsync(db, row, actor, cancellation)).IsOk) started++;
            }
        }
        return started;
    }

    private async Task<Result<Guid>> ProposeAsync(
        PortalDbContext db, FoundRepository row, Actor actor, CancellationToken cancellation)
    {
        if (await WhyNotAsync(row, actor, cancellation) is { } why) return Error.Conflict("cannot-propose", why);
        var entity = Describe(row, OwnerOf(row)!.Value);
        var component = EntityRef.Component(entity["metadata"]!["name"]!.ToString());
        if (await db.Set<CatalogEntity>().AnyAsync(e => e.Key == component.Key, cancellation))
        {
            return Error.Conflict(
                "entity-exists",
                $"{component} is in the catalog already: add the descriptor by hand, with another name.");
        }
        var input = new JsonObject
        {
            ["repository"] = providers.Get<IRepositoryHost>(row.Provider).CloneUrl(
                RepositoryName.Parse(row.Repository)), ["entity"] = entity, ["reason"] = row.ProposedOwnerReason ?? "",
        };
        var spec = RunSpec.Own(
            "propose", $"Propose {CatalogPropose.Path} to {row.Repository}", CatalogPropose.Id, input,
            new JsonObject
            {
                ["title"] = "Pull request", ["url"] = "${{ steps.propose.output.pullRequestUrl }}", ["icon"] = "open"
            });
        return await start.ExecuteAsync(
            new RunProposal($"{CatalogPropose.Path} of {row.Repository}", spec, input, OwnerOf(row)!.Value), actor,
            cancellation);
    }

    /// <summary>Type and lifecycle nobody can tell from outside: who reads the pull request corrects them.</summary>
    private JsonObject Describe(FoundRepository row, EntityRef owner)
    {
        var metadata = new JsonObject { ["name"] = ComponentName(row.Repository.Split('/')[^1]) };
        if (row.Description is { Length: > 0 } description) metadata["description"] = description;
        if (providers.Get<IRepositoryHost>(row.Provider).DescriptorAnnotation is { } name)
        {
            metadata["annotations"] = new JsonObject { [name] = row.Repository };
        }
        return new JsonObject
        {
            ["apiVersion"] = "backstage.io/v1alpha1", ["kind"] = "Component", ["metadata"] = metadata,
            ["spec"] = new JsonObject { ["type"] = "other", ["lifecycle"] = "unknown", ["owner"] = owner.ToString() },
        };
    }

    internal static string ComponentName(string repository)
    {
        var name = NotInName().Replace(repository, "-").Trim('-', '_', '.');
        return name.Length <= 63 ? name : name[..63].TrimEnd('-', '_', '.');
    }

    [GeneratedRegex(@"^[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?\z")]
    private static partial Regex NamePattern();

    [GeneratedRegex("[^A-Za-z0-9._-]+")]
    private static partial Regex NotInName();
}
