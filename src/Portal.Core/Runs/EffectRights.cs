using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Data;
using Portal.Core.Entities;
using Portal.Core.Providers;
using Portal.Core.Shared;

namespace Portal.Core.Runs;

/// <summary>Arguments of an effect that changes something in a repository that may be there already.</summary>
public interface IChangesRepository
{
    /// <summary>The instance that has the repository.</summary>
    string RepositoryProvider { get; }

    RepositoryName Repository { get; }

    /// <summary>What one needs to do the same by hand.</summary>
    string Permission => Permissions.RepositoryPush;
}

/// <summary>Arguments of an effect that makes an environment of a component.</summary>
public interface IChangesComponent
{
    /// <summary>Entity reference.</summary>
    string Component { get; }
}

/// <summary>
/// Providers act with the portal's credentials, so a template that leaves a name to its form would lend them to whoever fills it in: what
/// a run changes, its person must be allowed to change. What the run itself made is its own.
/// </summary>
public sealed class EffectRights(IDbContextFactory<PortalDbContext> database, ProviderRegistry providers, Authorise authorise)
{
    /// <summary>Null when the person may.</summary>
    public async Task<Error?> RefusedAsync(object? arguments, Guid run, Actor actor, CancellationToken cancellation)
    {
        if (arguments is IChangesComponent component && await ComponentRefusedAsync(component, run, actor, cancellation) is { } notTheirs) return notTheirs;
        return arguments is IChangesRepository repository ? await RepositoryRefusedAsync(repository, run, actor, cancellation) : null;
    }

    private async Task<Error?> RepositoryRefusedAsync(IChangesRepository change, Guid run, Actor actor, CancellationToken cancellation)
    {
        if (providers.Find<IRepositoryHost>(change.RepositoryProvider) is not { } host) return null;
        // What is not there fails by itself.
        if (await host.FindAsync(change.Repository, cancellation) is not { } found || found.Mark == run.ToString()) return null;
        EntityRef.TryParse(found.Owner, "group", out var owner);
        return (await authorise.CheckAsync(actor, change.Permission, owner, cancellation)).Error is { } refused
            ? refused with { Message = $"{change.Repository}: {refused.Message}" }
            : null;
    }

    private async Task<Error?> ComponentRefusedAsync(IChangesComponent change, Guid run, Actor actor, CancellationToken cancellation)
    {
        if (!EntityRef.TryParse(change.Component, "component", out var reference)) return null;
        var key = reference.Value.Key;
        await using var db = await database.CreateDbContextAsync(cancellation);
        var row = await db.Set<CatalogEntity>().Where(e => e.Key == key).Select(e => new { e.Owner, e.RunId }).SingleOrDefaultAsync(cancellation);
        if (row is null || row.RunId == run) return null;
        EntityRef.TryParse(row.Owner, "group", out var owner);
        return (await authorise.CheckAsync(actor, Permissions.EnvironmentChange, owner, cancellation)).Error is { } refused
            ? refused with { Message = $"{reference}: {refused.Message}" }
            : null;
    }
}
