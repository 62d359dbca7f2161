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
        string? month, string? component, ClaimsPrincipal person, People people, ReadCosts costs, TimeProvider time, CancellationToken cancellation) =>
    {
        var from = time.Now();
        if (month is not null && !DateTimeOffset.TryParseExact(month, "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out from))
            return Error.Invalid("month-invalid", "Write month as yyyy-MM, for example 2026-11.").ToProblem();
        return (await costs.MonthAsync(from, component?.ToLowerInvariant(), await people.ActorAsync(person, cancellation), cancellation)).ToOk();
    }).WithSummary("What components and teams cost in a month").WithTags("Costs");
}
