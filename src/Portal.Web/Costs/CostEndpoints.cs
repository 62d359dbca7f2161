using System.Globalization;
using System.Security.Claims;
using Portal.Core.Access;
using Portal.Core.Costs;
using Portal.Core.Shared;
using Portal.Web.Governance;
using Portal.Web.Shared;

namespace Portal.Web.Costs;

internal static class CostEndpoints
{
    public static void MapCostsApi(this IEndpointRouteBuilder api) => api.MapGet("/costs", async (
        string? month, string? component, int? offset, int? limit, ClaimsPrincipal person, People people, ReadCosts costs, TimeProvider time, CancellationToken cancellation) =>
    {
        var from = time.Now();
        if (month is not null && !DateTimeOffset.TryParseExact(month, "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out from))
            return Error.Invalid("month-invalid", "Write month as yyyy-MM, for example 2026-11.").ToProblem();
        var filter = new CostFilter { Month = from, Component = component?.ToLowerInvariant(), Offset = Math.Max(0, offset ?? 0), Limit = limit ?? 100 };
        return (await costs.MonthAsync(filter, await people.ActorAsync(person, cancellation), cancellation)).ToOk();
    }).WithSummary("What components and teams cost in a month").WithTags("Costs");
}
