using System.Text.Json.Nodes;
using Portal.Core.Providers;
using Portal.Core.Shared;

namespace Portal.Core.Runs;

/// <summary>
/// What a plan cannot see because it touches nothing: whether all the names that it takes are free, at their hosts and
/// in the portal. One question, asked while somebody types, in the review, and when the run is started.
/// </summary>
public sealed class FreeNames(ProviderRegistry providers, TimeProvider time)
{
    /// <summary>The names that the plan's certain changes take, where all of them are free.</summary>
    /// <param name="values">Of the form: the error tells which of them to change.</param>
    /// <param name="done">Steps whose changes are made already; null for none.</param>
    /// <returns>An error of kind <see cref="ErrorKind.Unavailable"/> where that cannot be told now.</returns>
    public async Task<Result<IReadOnlyList<string>>> CheckAsync(
        RunPlan plan, JsonObject values, CancellationToken cancellation, IReadOnlySet<string>? done = null)
    {
        var names = new List<string>();
        foreach (var claim in plan.Effects.Where(e => e.IsCertain && done?.Contains(e.StepId) != true)
            .SelectMany(e => e.Claims))
        {
            if (!(await LookAsync(claim, cancellation)).TryGet(out var look, out var silent)) return silent;
            if (look.Taken is { } taken) return NamedFields.Mark(taken, values);
            names.AddRange(look.New);
        }
        return names.Distinct(StringComparer.Ordinal).ToList();
    }

    /// <summary>Null when a repository of that name can be created.</summary>
    public async Task<Error?> NameTakenAsync(string provider, RepositoryName name, CancellationToken cancellation)
    {
        if (providers.Find<IRepositoryHost>(provider) is not { } host)
        {
            return Error.NotFound("provider-missing", $"No provider named '{provider}' has repositories.");
        }
        var looked = await LookAsync(OfRepository(host, name), cancellation);
        return looked.TryGet(out var look, out var silent) ? look.Taken?.Error : silent;
    }

    /// <summary>Of a repository that is to be made.</summary>
    public static NameClaim OfRepository(IRepositoryHost host, RepositoryName name) =>
        new(name.ToString(), host.Instance, async token =>
        {
            var found = await host.FindAsync(name, token);
            return NameLook.Of(
                $"repository {host.Instance} {name}",
                found is null ? null : RepositoryErrors.NameTaken(name) with { Code = TakenNames.Repository },
                name.Name);
        });

    private async Task<Result<NameLook>> LookAsync(NameClaim claim, CancellationToken cancellation)
    {
        var looked = await ProviderQuery.AskAsync(
            claim.Keeper, ProviderQuery.Short, time, claim.LookAsync, cancellation);
        return looked.TryGet(out _, out var silent) ? looked : silent with
        {
            Kind = ErrorKind.Unavailable,
            Message = $"Whether the name {claim.Name} is free cannot be told now: {silent.Message}"
        };
    }
}
