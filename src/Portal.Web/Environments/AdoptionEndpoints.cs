using System.Security.Claims;
using Portal.Core.Access;
using Portal.Core.Environments;
using Portal.Core.Shared;
using Portal.Web.GoldenPaths;
using Portal.Web.Governance;
using Portal.Web.Shared;

namespace Portal.Web.Environments;

internal static class AdoptionEndpoints
{
    public static void MapAdoptionApi(this IEndpointRouteBuilder environments)
    {
        environments.MapGet("/adoptable", async (
            string? provider, ClaimsPrincipal person, People people, RequestAdoption adoption, CancellationToken cancellation) =>
            (await adoption.ListAsync(provider ?? (adoption.Providers is [var first, ..] ? first : ""), await people.ActorAsync(person, cancellation), cancellation))
            .ToOk(items => new { items })).WithSummary("What there is at a provider that can be adopted");
        environments.MapPost("/adopt/plan", async (
            AdoptBody body, ClaimsPrincipal person, People people, RequestAdoption adoption, CancellationToken cancellation) =>
        {
            if (!body.Read().TryGet(out var asked, out var error)) return error.ToProblem();
            return (await adoption.OfferAsync(asked, await people.ActorAsync(person, cancellation), cancellation)).ToOk(o => new { o.Found, o.Plan });
        }).LimitPlans().WithSummary("What adopting would change; changes nothing");
        environments.MapPost("/adopt", async (
            AdoptBody body, ClaimsPrincipal person, People people, RequestAdoption adoption, CancellationToken cancellation) =>
        {
            if (!body.Read().TryGet(out var asked, out var wrong)) return wrong.ToProblem();
            var run = await adoption.ExecuteAsync(asked, await people.ActorAsync(person, cancellation), cancellation);
            return run.TryGet(out var id, out var error) ? Results.Accepted($"/api/v1/runs/{id}", new { run = id }) : error.ToProblem();
        }).WithSummary("Adopt an environment that exists already; answers with the run that does");
    }

    /// <param name="Component">Entity reference.</param>
    internal sealed record AdoptBody(string Provider, string ExternalId, string Component, string Name, string? Type, string? Reason)
    {
        public Result<AdoptionRequest> Read() => EntityRef.TryParse(Component, "component", out var component)
            ? new AdoptionRequest(Provider, ExternalId, component.Value, Name, Type ?? "dev", Reason)
            : EnvironmentEndpoints.WrongComponent;
    }
}
