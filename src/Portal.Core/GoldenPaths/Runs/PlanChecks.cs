using Portal.Core.Providers;
using Portal.Core.Shared;

namespace Portal.Core.GoldenPaths.Runs;

/// <summary>What a plan cannot see because it touches nothing: whether the names are free at their hosts.</summary>
public sealed class PlanChecks(ProviderRegistry providers)
{
    public async Task<Error?> CheckAsync(RunPlan plan, CancellationToken cancellation)
    {
        foreach (var effect in plan.Effects.Where(e => e.What == "repository"))
        {
            if (!RepositoryName.TryParse(effect.Name, out var name)) continue;
            if (await NameTakenAsync(effect.Provider, name.Value, cancellation) is { } taken) return taken;
        }
        return null;
    }

    /// <summary>Null when a repository of that name can be created.</summary>
    public async Task<Error?> NameTakenAsync(string provider, RepositoryName name, CancellationToken cancellation)
    {
        var host = providers.Get<IRepositoryHost>(provider);
        if (await host.FindAsync(name, cancellation) is null) return null;
        return Error.Conflict("name-taken", $"The repository {name} exists already. Choose another name.") with
        {
            Fields = [new FieldError("/name", $"{name} exists already. Choose another name.")],
        };
    }
}
