using System.Security.Claims;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;
using Portal.Core.Access;
using Portal.Core.Shared;
using Portal.Web.Shared;

namespace Portal.Web.GoldenPaths;

/// <summary>
/// Planning, pricing and starting keep a core or a provider busy: nobody does it for all others. Pages and API count by
/// the same person.
/// </summary>
internal sealed class PlanLimits(IOptions<PlanOptions> options) : IDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(2);

    private readonly PartitionedRateLimiter<string> atOnce =
        PartitionedRateLimiter.Create<string, string>(person => RateLimitPartition.GetConcurrencyLimiter(
            person,
            _ => new ConcurrencyLimiterOptions { PermitLimit = options.Value.AtOncePerPerson, QueueLimit = 0 }));

    private readonly PartitionedRateLimiter<string> perMinute =
        PartitionedRateLimiter.Create<string, string>(person => RateLimitPartition.GetSlidingWindowLimiter(
            person, _ => new SlidingWindowRateLimiterOptions
            {
                PermitLimit = options.Value.PerMinutePerPerson, Window = TimeSpan.FromMinutes(1), SegmentsPerWindow = 6,
                QueueLimit = 0
            }));

    /// <summary>The work, or why the person has to wait with it.</summary>
    public async Task<Result<T>> CountAsync<T>(Actor person, Func<Task<Result<T>>> work)
    {
        if (!Take(person.Ref.ToString()).TryGet(out var place, out var refused)) return refused;
        using (place) return await work();
    }

    /// <summary>Dispose the result when the work is done.</summary>
    public Result<IDisposable> Take(string person)
    {
        var place = atOnce.AttemptAcquire(person);
        if (!place.IsAcquired)
        {
            place.Dispose();
            return TooMany(
                $"You have {options.Value.AtOncePerPerson} plans, dry runs, prices or starts under way, and may have no more at once. Wait until one is done.",
                Soon);
        }
        using var turn = perMinute.AttemptAcquire(person);
        if (turn.IsAcquired) return Result<IDisposable>.Ok(place);
        place.Dispose();
        var wait = turn.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : TimeSpan.FromSeconds(10);
        return TooMany(
            $"You may ask for {options.Value.PerMinutePerPerson} plans, dry runs, prices and starts in a minute. Wait a little.",
            wait);
    }

    public void Dispose()
    {
        atOnce.Dispose();
        perMinute.Dispose();
    }

    private static Error TooMany(string words, TimeSpan wait) =>
        new(ErrorKind.TooMany, "too-many-plans", words) { RetryAfter = wait };
}

internal static class PlanLimitsSetup
{
    public static void AddPlanLimits(this IServiceCollection services)
    {
        services.AddOptions<PlanOptions>().BindConfiguration(PlanOptions.Section)
            .Validate(
                o => o.AtOncePerPerson is >= 1 and <= 100, $"{PlanOptions.Section}:AtOncePerPerson must be 1 to 100.")
            .Validate(
                o => o.PerMinutePerPerson is >= 1 and <= 10_000,
                $"{PlanOptions.Section}:PerMinutePerPerson must be 1 to 10000.").ValidateOnStart();
        services.AddSingleton<PlanLimits>();
    }

    /// <summary>
    /// Counts a request as a plan of who asks: for what plans, prices, starts work or asks a provider.
    /// </summary>
    public static RouteHandlerBuilder LimitPlans(this RouteHandlerBuilder route) =>
        route.WithMetadata(new CountedAsPlan()).AddEndpointFilter(async (call, next) =>
        {
            var person = call.HttpContext.User.FindFirstValue(PersonClaims.Subject) ?? "";
            var taken = call.HttpContext.RequestServices.GetRequiredService<PlanLimits>().Take(person);
            if (!taken.TryGet(out var place, out var refused))
            {
                return RequestAnswers.Of(call.HttpContext.Request, refused);
            }
            using (place) return await next(call);
        });
}

/// <summary>On a route that <see cref="PlanLimits"/> counts.</summary>
internal sealed class CountedAsPlan;
