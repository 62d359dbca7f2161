using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Portal.Core.Access;
using Portal.Core.Costs;
using Portal.Core.Shared;
using Portal.Web.Governance;
using Portal.Web.Shared;
using Portal.Web.Shared.Contract;

namespace Portal.Web.Costs;

internal static class CostEndpoints
{
    private static readonly Error WrongMonth =
        Error.Invalid("month-invalid", "Write month as yyyy-MM, for example 2026-11.");

    public static void MapCostsApi(this IEndpointRouteBuilder api) =>
        api.MapGet("/costs", MonthAsync).WithTags("Costs")
            .Named("getCosts", "What components and teams cost in a month");

    private static async Task<Results<Ok<CostReport>, Problem>> MonthAsync(
        string? month, string? component, int? offset, int? limit, Caller caller, ReadCosts costs,
        TimeProvider time, CancellationToken cancellation)
    {
        var from = time.Now();
        if (month is not null && !TryReadMonth(month, out from)) return WrongMonth.ToProblem();
        var filter = new CostFilter
        {
            Month = from, Component = component?.ToLowerInvariant(), Offset = Math.Max(0, offset ?? 0),
            Limit = limit ?? 100,
        };
        return (await costs.MonthAsync(filter, caller, cancellation)).ToOk();
    }

    private static bool TryReadMonth(string text, out DateTimeOffset from) => DateTimeOffset.TryParseExact(
        text, "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out from);
}
