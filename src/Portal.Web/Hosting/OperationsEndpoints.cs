using Microsoft.AspNetCore.Http.HttpResults;
using Portal.Core.Access;
using Portal.Core.Access.Clocks;
using Portal.Core.Environments.Comparing;
using Portal.Web.Governance;
using Portal.Web.Shared;
using Portal.Web.Shared.Contract;

namespace Portal.Web.Hosting;

/// <summary>For who administers the portal.</summary>
internal static class OperationsEndpoints
{
    public static void MapOperationsApi(this IEndpointRouteBuilder api)
    {
        var operations = api.MapGroup("/operations").WithTags("Operations");
        operations.MapGet("/clock", ClockAsync).Named("getClock", "Whether the clocks can be trusted");
        operations.MapPost("/clock/confirm", ConfirmClockAsync)
            .Named("confirmClock", "Say that the database's time is right, after it jumped")
            .Fails(StatusCodes.Status409Conflict);
        operations.MapGet("/differences", DifferencesAsync)
            .Named("listDifferences", "What hosts have and the portal does not know, and the other way round");
    }

    private static async Task<Results<Ok<ClockState>, Problem>> ClockAsync(
        Caller caller, ConfirmClock clock, CancellationToken cancellation) =>
        (await clock.ReadAsync(caller, cancellation))
        .ToOk(c => new ClockState(c.Problem, c.CanConfirm, c.Settles));

    private static async Task<Results<NoContent, Problem>> ConfirmClockAsync(
        Caller caller, ConfirmClock clock, CancellationToken cancellation) =>
        (await clock.ConfirmAsync(caller, cancellation)).ToNoContent();

    private static async Task<Results<Ok<Listed<Difference>>, Problem>> DifferencesAsync(
        Caller caller, ReadDifferences differences, CancellationToken cancellation) =>
        (await differences.ListAsync(caller, cancellation))
            .ToList(Difference.Of);

    /// <param name="Problem">Why nothing is destroyed by time; null when all is well.</param>
    /// <param name="CanConfirm">Whether an administrator's word ends it.</param>
    /// <param name="Settles">Whether it ends by itself.</param>
    internal sealed record ClockState(string? Problem, bool CanConfirm, bool Settles);

    internal sealed record Difference(
        string Provider, string Kind, string Name, string Message, DateTimeOffset FoundAt, DateTimeOffset SeenAt)
    {
        public static Difference Of(HostDifference d) =>
            new(d.Provider, d.Kind, d.Name, d.Message, d.FoundAt, d.SeenAt);
    }
}
