using System.Security.Claims;
using Portal.Core.Access;
using Portal.Core.Access.Clocks;
using Portal.Core.Environments.Comparing;
using Portal.Web.Governance;
using Portal.Web.Shared;

namespace Portal.Web.Hosting;

/// <summary>For who administers the portal.</summary>
internal static class OperationsEndpoints
{
    public static void MapOperationsApi(this IEndpointRouteBuilder api)
    {
        var operations = api.MapGroup("/operations").WithTags("Operations");
        operations.MapGet("/clock", async (ClaimsPrincipal person, People people, ConfirmClock clock, CancellationToken cancellation) =>
            (await clock.ReadAsync(await people.ActorAsync(person, cancellation), cancellation)).ToOk(c => new { c.Problem, c.CanConfirm, c.Settles }))
            .WithSummary("Whether the clocks can be trusted");
        operations.MapPost("/clock/confirm", async (ClaimsPrincipal person, People people, ConfirmClock clock, CancellationToken cancellation) =>
            (await clock.ConfirmAsync(await people.ActorAsync(person, cancellation), cancellation)).ToNoContent())
            .WithSummary("Say that the database's time is right, after it jumped");
        operations.MapGet("/differences", async (ClaimsPrincipal person, People people, ReadDifferences differences, CancellationToken cancellation) =>
            (await differences.ListAsync(await people.ActorAsync(person, cancellation), cancellation)).ToOk(
                list => new { items = list.Select(d => new { d.Provider, d.Kind, d.Name, d.Message, d.FoundAt, d.SeenAt }) }))
            .WithSummary("What hosts have and the portal does not know, and the other way round");
    }
}
