using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Portal.Core.Data;
using Portal.Core.Environments.Actions;
using Portal.Core.Environments.Actions.Operations;
using Portal.Core.Providers;
using Portal.Core.Runs;
using Portal.Core.Shared;

namespace Portal.Core.Environments;

/// <param name="Provider">The instance that has it.</param>
/// <param name="ExternalId">The provider's id of it.</param>
/// <param name="Name">As in <see cref="EnvironmentRequest"/>, and so is the type.</param>
public sealed record AdoptionRequest(
    string Provider, string ExternalId, EntityRef Component, string Name, string Type, string? Reason);

/// <summary>What adopting would change, in the provider's words.</summary>
public sealed record AdoptionOffer(EnvironmentSubject Subject, AdoptableEnvironment Found, EnvironmentPlan Plan);

/// <summary>
/// Takes over an environment that exists already: a run that marks it as the portal's. Nothing in it is made anew.
/// </summary>
public sealed class RequestAdoption(
    IDbContextFactory<PortalDbContext> database, EnvironmentSubjects subjects, ProviderRegistry providers,
    EnvironmentRules rules, IEnvironmentRecords records, StartRun start, TimeProvider time)
{
    /// <summary>The instances that have something to adopt.</summary>
    public IReadOnlyList<string> Providers => [.. providers.All<IEnvironmentAdoption>().Select(p => p.Instance)];

    public async Task<bool> MayAsync(Actor actor, CancellationToken cancellation) =>
        await subjects.WhyNotAdoptAsync(actor, cancellation) is null;

    /// <summary>What there is at a provider that is not the portal's yet. Asks the provider.</summary>
    public async Task<Result<IReadOnlyList<AdoptableEnvironment>>> ListAsync(
        string provider, Actor actor, CancellationToken cancellation)
    {
        if (await subjects.WhyNotAdoptAsync(actor, cancellation) is { } refused) return refused;
        return await AskAsync(provider, (host, token) => host.AdoptableAsync(token), cancellation);
    }

    /// <summary>Checks the request and asks the provider what it would change; changes nothing.</summary>
    public async Task<Result<AdoptionOffer>> OfferAsync(
        AdoptionRequest request, Actor actor, CancellationToken cancellation)
    {
        if (!(await CheckAsync(request, actor, cancellation)).TryGet(out var subject, out var error)) return error;
        if (!(await ListAsync(request.Provider, actor, cancellation)).TryGet(out var all, out var silent))
        {
            return silent;
        }
        if (all.FirstOrDefault(a => a.ExternalId == request.ExternalId) is not { } found)
        {
            return Error.NotFound(
                "adoptable-missing",
                $"{request.Provider} has nothing to adopt under that id any more. Look at the list again.");
        }
        var adopt = new AdoptEnvironment(
            EnvironmentIds.ExampleOf(request.Component, request.Name), request.ExternalId, request.Name, request.Type,
            subject.Repository, EnvironmentIds.Example,
            EnvironmentLabels.Of(request.Component, request.Name, Guid.Empty, subject.Owner, null));
        var plan = await AskAsync(
            request.Provider, (host, token) => host.PlanAdoptionAsync(adopt, token), cancellation);
        return plan.TryGet(out var planned, out var failed)
            ? new AdoptionOffer(subject, found, planned.Explained())
            : failed;
    }

    /// <summary>Returns the id of the run that adopts it.</summary>
    public async Task<Result<Guid>> ExecuteAsync(AdoptionRequest request, Actor actor, CancellationToken cancellation)
    {
        if (!(await CheckAsync(request, actor, cancellation)).TryGet(out var subject, out var error)) return error;
        var input = new JsonObject
        {
            ["provider"] = request.Provider, ["externalId"] = request.ExternalId,
            ["repository"] = subject.Repositories.CloneUrl(subject.Repository),
            ["component"] = request.Component.ToString(), ["name"] = request.Name, ["type"] = request.Type,
            ["reason"] = request.Reason ?? "",
        };
        var spec = RunSpec.Own(
            "environment", $"Adopt environment {request.Name}", EnvironmentAdoptAction.Id, input,
            new JsonObject
            {
                ["title"] = "Environment", ["url"] = "${{ steps.environment.output.environmentUrl }}",
                ["icon"] = "environment",
            });
        var title = $"Adopt environment {request.Name} of {subject.Component.Name}";
        return await start.ExecuteAsync(new RunProposal(title, spec, input, subject.Owner), actor, cancellation);
    }

    private async Task<Result<EnvironmentSubject>> CheckAsync(
        AdoptionRequest request, Actor actor, CancellationToken cancellation)
    {
        if (await subjects.WhyNotAdoptAsync(actor, cancellation) is { } refused) return refused;
        await using var db = await database.CreateDbContextAsync(cancellation);
        var found = await subjects.FindAsync(db, request.Component, actor, cancellation);
        if (!found.TryGet(out var subject, out var error)) return error;
        var asked = new IntendedEnvironment(
            EnvironmentChange.Adopted, OperationName.Adopt, request.Component, request.Name, request.Type)
        {
            Owner = subject.Owner, Reason = request.Reason, AdoptedFrom = request.ExternalId,
        };
        if (rules.WhyNot(asked) is { } invalid) return invalid;
        if (await records.FindAsync(request.Component, request.Name, cancellation) is not null)
        {
            return EnvironmentErrors.NameTaken(request.Name, subject.Component.Name);
        }
        return subject;
    }

    private async Task<Result<T>> AskAsync<T>(
        string provider, Func<IEnvironmentAdoption, CancellationToken, Task<T>> ask, CancellationToken cancellation) =>
        providers.Find<IEnvironmentAdoption>(provider) is { } host
            ? await ProviderQuery.AskAsync(
                host.Instance, ProviderQuery.Long, time, token => ask(host, token), cancellation)
            : Error.NotFound(
                "provider-missing",
                $"No provider named '{provider}' has environments to adopt. "
                + $"Those that have: {(Providers.Count == 0 ? "none" : string.Join(", ", Providers))}.");
}
