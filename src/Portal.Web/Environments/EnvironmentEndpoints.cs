using System.Security.Claims;
using System.Text.Json.Nodes;
using Portal.Core.Access;
using Portal.Core.Environments;
using Portal.Core.Shared;
using Portal.Web.GoldenPaths;
using Portal.Web.Governance;
using Portal.Web.Shared;

namespace Portal.Web.Environments;

internal static class EnvironmentEndpoints
{
    internal static readonly Error WrongComponent = Error.Invalid("component-invalid", "Write component as an entity reference, for example component:default/orders.");

    public static void MapEnvironmentsApi(this IEndpointRouteBuilder api)
    {
        var environments = api.MapGroup("/environments").WithTags("Environments");
        environments.MapGet("", async (
            string? component, string[]? owner, string[]? type, bool? destroyed, string? search, int? offset, int? limit, ClaimsPrincipal person, People people,
            ReadEnvironments read, CancellationToken cancellation) =>
        {
            var filter = new EnvironmentFilter
            {
                Component = component?.ToLowerInvariant(), Owners = owner ?? [], Types = type ?? [], IncludeDestroyed = destroyed ?? false, Search = search,
                Offset = Math.Max(0, offset ?? 0), Limit = limit ?? 100,
            };
            return (await read.ListAsync(filter, await people.ActorAsync(person, cancellation), cancellation)).ToOk(p => new { items = p.Items.Select(Show), total = p.Total });
        }).WithSummary("Environments, newest first");
        environments.MapGet("/definitions", async (
            string component, ClaimsPrincipal person, People people, RequestEnvironment request, CancellationToken cancellation) =>
        {
            if (!EntityRef.TryParse(component, "component", out var named)) return WrongComponent.ToProblem();
            return (await request.HostOfAsync(named.Value, await people.ActorAsync(person, cancellation), cancellation))
                .ToOk(host => new { provider = host.Instance, definitions = host.Definitions });
        }).WithSummary("What environments of a component can be asked for: definitions with their sizes, prices and parameters");
        environments.MapGet("/{id}", async (string id, ClaimsPrincipal person, People people, ReadEnvironments read, CancellationToken cancellation) =>
            (await read.FindAsync(id, await people.ActorAsync(person, cancellation), cancellation))
            .ToOk(v => new { environment = Show(v.Environment), deployments = v.Deployments, providerType = v.ProviderType, isEstimate = v.IsBilled }))
            .WithSummary("One environment with its deployments");
        environments.MapGet("/{id}/log", async (
            string id, long? after, int? limit, ClaimsPrincipal person, People people, ReadEnvironments read, CancellationToken cancellation) =>
            (await read.LogAsync(id, after ?? 0, limit ?? 1_000, await people.ActorAsync(person, cancellation), cancellation)).ToOk())
            .WithSummary("Lines of its log after a number");
        environments.MapPost("/offer", async (
            RequestBody body, ClaimsPrincipal person, People people, RequestEnvironment request, CancellationToken cancellation) =>
        {
            if (!body.Read().TryGet(out var asked, out var error)) return error.ToProblem();
            return (await request.OfferAsync(asked, await people.ActorAsync(person, cancellation), cancellation)).ToOk(o => new { o.Monthly, o.Working });
        }).LimitPlans().WithSummary("What a request would cost; changes nothing");
        environments.MapPost("/plan", async (
            RequestBody body, ClaimsPrincipal person, People people, EnvironmentPlans plans, CancellationToken cancellation) =>
        {
            if (!body.Read().TryGet(out var asked, out var error)) return error.ToProblem();
            return (await plans.OfAsync(asked, await people.ActorAsync(person, cancellation), cancellation)).ToOk(plan => new { plan });
        }).LimitPlans().WithSummary("What the host says that a request would change there; null where it cannot tell. Changes nothing");
        environments.MapPost("", async (
            RequestBody body, ClaimsPrincipal person, People people, RequestEnvironment request, CancellationToken cancellation) =>
        {
            if (!body.Read().TryGet(out var asked, out var wrong)) return wrong.ToProblem();
            var run = await request.ExecuteAsync(asked, await people.ActorAsync(person, cancellation), cancellation);
            return run.TryGet(out var id, out var error) ? Results.Accepted($"/api/v1/runs/{id}", new { run = id }) : error.ToProblem();
        }).WithSummary("Ask for an environment of a component; answers with the run that makes it");
        environments.MapPost("/{id}/stop", async (string id, ClaimsPrincipal person, People people, ControlEnvironment control, CancellationToken cancellation) =>
            (await control.StopAsync(id, await people.ActorAsync(person, cancellation), cancellation)).ToNoContent()).WithSummary("Stop it");
        environments.MapPost("/{id}/start", async (string id, ClaimsPrincipal person, People people, ControlEnvironment control, CancellationToken cancellation) =>
            (await control.StartAsync(id, await people.ActorAsync(person, cancellation), cancellation)).ToNoContent()).WithSummary("Start it");
        environments.MapPost("/{id}/extend", async (
            string id, ExtendBody body, ClaimsPrincipal person, People people, ControlEnvironment control, CancellationToken cancellation) =>
        {
            if (!Lifetimes.Read(body.Lifetime).TryGet(out var lifetime, out var error)) return error.ToProblem();
            return (await control.ExtendAsync(id, lifetime.Value, await people.ActorAsync(person, cancellation), cancellation)).ToNoContent();
        }).WithSummary("Move its end to a lifetime from now; without one it has no end");
        environments.MapPost("/{id}/release", async (string id, ClaimsPrincipal person, People people, ControlEnvironment control, CancellationToken cancellation) =>
            (await control.ReleaseAsync(id, await people.ActorAsync(person, cancellation), cancellation)).ToNoContent())
            .WithSummary("Give an adopted one back: it goes on running, without the portal");
        environments.MapDelete("/{id}", async (
            string id, bool? adopted, ClaimsPrincipal person, People people, ControlEnvironment control, CancellationToken cancellation) =>
            (await control.DestroyAsync(id, await people.ActorAsync(person, cancellation), cancellation, adoptedToo: adopted ?? false)).ToNoContent())
            .WithSummary("Destroy it with its data; one that was adopted only with adopted=true");
        environments.MapAdoptionApi();
    }

    private static object Show(PortalEnvironment e) => new
    {
        e.Id, e.Name, e.Component, e.Owner, e.Type, e.Definition, e.Size, e.Provider, e.Repository, e.AdoptedFrom, e.IsReleased, e.Status, e.Url, e.Commit, e.PipelineRunId, e.Message, e.Restarts,
        e.Reason, e.CreatedBy, e.RunId, e.CreatedAt, e.ExpiresAt, e.DestroyedAt, e.MonthlyPrice, e.FollowsDefaultBranch,
    };

    /// <param name="Component">Entity reference.</param>
    /// <param name="Size">Null = the definition's smallest.</param>
    /// <param name="Lifetime">ISO 8601, e.g. <c>P7D</c> or <c>PT4H</c>; null = no end.</param>
    /// <param name="Definition">Null = the host's first.</param>
    /// <param name="Parameters">As the definition declares them.</param>
    internal sealed record RequestBody(
        string Component, string Name, string? Type, string? Size, string? Lifetime, string? Reason, string? Definition = null, JsonObject? Parameters = null)
    {
        public Result<EnvironmentRequest> Read()
        {
            if (!EntityRef.TryParse(Component, "component", out var component)) return WrongComponent;
            if (!Lifetimes.Read(Lifetime).TryGet(out var lifetime, out var error)) return error;
            return new EnvironmentRequest(component.Value, Name, Type ?? "dev", Size, lifetime.Value, Reason, Definition, Parameters);
        }
    }

    /// <param name="Lifetime">ISO 8601; null = no end.</param>
    internal sealed record ExtendBody(string? Lifetime);
}
