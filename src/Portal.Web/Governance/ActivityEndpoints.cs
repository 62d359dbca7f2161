using Microsoft.AspNetCore.Http.HttpResults;
using Portal.Core.Access;
using Portal.Core.Activities;
using Portal.Core.Audit;
using Portal.Core.Shared;
using Portal.Web.Shared;
using Portal.Web.Shared.Contract;

namespace Portal.Web.Governance;

internal static class ActivityEndpoints
{
    public static void MapActivityApi(this IEndpointRouteBuilder api)
    {
        api.MapGet("/me", MeAsync).WithTags("Access").Named("getMe", "Who the token acts for");
        api.MapGet("/activity", ListAsync).WithTags("Activity")
            .Named("listActivity", "Who changed what and when, newest first");
    }

    private static Ok<Me> MeAsync(Caller caller)
    {
        var actor = caller.Actor;
        return TypedResults.Ok(
            new Me(actor.Ref.ToString(), actor.DisplayName, [.. actor.Groups.Select(g => g.ToString())]));
    }

    private static async Task<Results<Ok<Page<ActivityRecord>>, Problem>> ListAsync(
        [AsParameters] ActivityQuery query, Caller caller, ReadActivity activity,
        CancellationToken cancellation) =>
        (await activity.ListAsync(query.ToFilter(), caller, cancellation))
            .ToPage(ActivityRecord.Of);

    /// <param name="Reference">Entity reference of the person.</param>
    /// <param name="Groups">Entity references, those above their own included.</param>
    internal sealed record Me(string Reference, string Name, IReadOnlyList<string> Groups);

    /// <param name="Hash">Of the record and the one before it, so that none can be changed unseen.</param>
    internal sealed record ActivityRecord(
        long Number, DateTimeOffset At, string Actor, string Action, string Subject, string? Owner, string Summary,
        string Hash)
    {
        public static ActivityRecord Of(AuditEvent e) =>
            new(e.Number, e.At, e.Actor, e.Action, e.Subject, e.Owner, e.Summary, e.Hash);
    }

    /// <summary>As it stands in the query string.</summary>
    internal sealed record ActivityQuery(
        string? Actor, string? Owner, string? Subject, string? Search, Moment? Since, bool? Once, int? Offset,
        int? Limit)
    {
        public ActivityFilter ToFilter() => new()
        {
            Actor = Actor, Owner = Owner?.ToLowerInvariant(), Subject = Subject, Search = Search, Since = Since?.Value,
            EachChangeOnce = Once ?? false, Offset = Math.Max(0, Offset ?? 0), Limit = Limit ?? 50,
        };
    }
}
