using System.Security.Claims;
using Portal.Core.Access;
using Portal.Core.Activities;
using Portal.Core.Shared;
using Portal.Web.Shared;

namespace Portal.Web.Governance;

internal static class ActivityEndpoints
{
    public static void MapActivityApi(this IEndpointRouteBuilder api)
    {
        api.MapGet("/me", async (ClaimsPrincipal person, People people, CancellationToken cancellation) =>
        {
            var actor = await people.ActorAsync(person, cancellation);
            return Results.Ok(new { reference = actor.Ref.ToString(), name = actor.DisplayName, groups = actor.Groups.Select(g => g.ToString()) });
        }).WithSummary("Who the token acts for").WithTags("Access");

        api.MapGet("/activity", async (
            string? actor, string? owner, string? subject, string? search, Moment? since, bool? once, int? offset, int? limit, ClaimsPrincipal person, People people,
            ReadActivity activity, CancellationToken cancellation) =>
        {
            var filter = new ActivityFilter
            {
                Actor = actor, Owner = owner?.ToLowerInvariant(), Subject = subject, Search = search, Since = since?.Value, EachChangeOnce = once ?? false, Offset = Math.Max(0, offset ?? 0), Limit = limit ?? 50,
            };
            var list = await activity.ListAsync(filter, await people.ActorAsync(person, cancellation), cancellation);
            return list.ToOk(p => new { items = p.Items.Select(e => new { e.Number, e.At, e.Actor, e.Action, e.Subject, e.Owner, e.Summary, e.Hash }), total = p.Total });
        }).WithSummary("Who changed what and when, newest first").WithTags("Activity");
    }
}
