using Portal.Core.Providers;
using Portal.Core.Shared;

namespace Portal.Core.Environments;

/// <summary>
/// What the host says that a request would change there. It asks the host, which takes a while, and changes nothing.
/// </summary>
public sealed class EnvironmentPlans(RequestEnvironment requests, EnvironmentVersions versions, TimeProvider time)
{
    /// <returns>Null where the host cannot tell.</returns>
    public async Task<Result<EnvironmentPlan?>> OfAsync(
        EnvironmentRequest request, Actor actor, CancellationToken cancellation)
    {
        if (!(await requests.OfferAsync(request, actor, cancellation)).TryGet(out var offer, out var error))
        {
            return error;
        }
        var planned = offer.Environment;
        if (!planned.Host.CanPlan) return Result<EnvironmentPlan?>.Ok(null);
        var plan = await ProviderQuery.AskAsync(
            planned.Host.Instance, ProviderQuery.Long, time,
            async token => await planned.Host.PlanAsync(await CreateAsync(request, planned, token), token),
            cancellation);
        return plan.TryGet(out var found, out var failed) ? found?.Explained() : failed;
    }

    private async Task<CreateEnvironment> CreateAsync(
        EnvironmentRequest request, PlannedEnvironment planned, CancellationToken cancellation)
    {
        var version = planned.Source is { } source
            ? await versions.OfAsync(planned.Repositories.Instance, planned.Repository, source.Id, cancellation)
            : null;
        var end = request.Lifetime is { } lifetime ? time.Now() + lifetime : (DateTimeOffset?)null;
        return new CreateEnvironment(
            EnvironmentIds.ExampleOf(request.Component, request.Name), request.Name, request.Type, planned.Repository,
            version, planned.Size.Name, EnvironmentIds.Example,
            EnvironmentLabels.Of(request.Component, request.Name, Guid.Empty, planned.Owner, end),
            planned.Definition.Name, request.Parameters);
    }
}

internal static class ExamplePlans
{
    /// <summary>Says what the stand-ins in it mean: ids are made only when something is.</summary>
    public static EnvironmentPlan Explained(this EnvironmentPlan plan)
    {
        // There is no run yet either.
        var run = Guid.Empty.ToString();
        plan = plan with
        {
            Resources =
            [
                .. plan.Resources.Select(r => r with
                {
                    Details = [.. r.Details.Select(d => d.Replace(run, "the run's id"))],
                }),
            ],
        };
        var stands = plan.Resources.Any(
            r => r.Name.Contains(EnvironmentIds.Example) || r.Details.Any(d => d.Contains(EnvironmentIds.Example)));
        if (!stands) return plan;
        const string meaning = $"{EnvironmentIds.Example} stands for characters that are chosen when it is made.";
        return plan with { Note = plan.Note is null ? meaning : $"{plan.Note} {meaning}" };
    }
}
