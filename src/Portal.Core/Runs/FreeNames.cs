using Portal.Core.Providers;
using Portal.Core.Shared;

namespace Portal.Core.Runs;

/// <summary>What a plan cannot see because it touches nothing: whether the names are free at their hosts.</summary>
public sealed class FreeNames(ProviderRegistry providers, TimeProvider time)
{
    /// <summary>An error of kind <see cref="ErrorKind.Unavailable"/> where that cannot be told now.</summary>
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
        if (providers.Find<IRepositoryHost>(provider) is not { } host)
        {
            return Error.NotFound("provider-missing", $"No provider named '{provider}' has repositories.");
        }
        var looked = await ProviderQuery.AskAsync(
            host.Instance, ProviderQuery.Short, time, token => host.FindAsync(name, token), cancellation);
        if (!looked.TryGet(out var found, out var silent))
        {
            return silent with
            {
                Kind = ErrorKind.Unavailable,
                Message = $"Whether the name {name} is free cannot be told now: {silent.Message}"
            };
        }
        return found is null ? null : RepositoryErrors.NameTaken(name) with { Code = "name-taken" };
    }
}
