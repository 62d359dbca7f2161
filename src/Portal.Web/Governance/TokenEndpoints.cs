using System.Security.Claims;
using Portal.Core.Access;
using Portal.Core.Shared;
using Portal.Web.Shared;

namespace Portal.Web.Governance;

internal static class TokenEndpoints
{
    public static void MapTokensApi(this IEndpointRouteBuilder api)
    {
        var tokens = api.MapGroup("/tokens").WithTags("Access");
        tokens.MapGet("", async (string? person, ClaimsPrincipal caller, People people, AccessTokens store, CancellationToken cancellation) =>
        {
            var actor = await people.ActorAsync(caller, cancellation);
            if (person is not null && !EntityRef.TryParse(person, "user", out _))
                return Error.Invalid("person-invalid", "Write person as an entity reference, for example user:default/ada.").ToProblem();
            var whose = person is null ? actor.Ref : EntityRef.Parse(person, "user");
            return (await store.ListAsync(whose, actor, cancellation)).ToOk(list => new { items = list.Select(Show) });
        }).WithSummary("Your tokens; with person those of somebody else, for who administers the portal");
        tokens.MapPost("", async (NewToken body, ClaimsPrincipal caller, People people, AccessTokens store, CancellationToken cancellation) =>
        {
            Guid? through = Guid.TryParse(caller.FindFirst(PersonClaims.Token)?.Value, out var id) ? id : null;
            var made = await store.CreateAsync(await people.ActorAsync(caller, cancellation), body.Name, body.Days, through, cancellation);
            return made.TryGet(out var token, out var error)
                ? Results.Created($"/api/v1/tokens/{token.Row.Id}", new { token = token.Text, token.Row.Id, token.Row.Name, token.Row.EndsAt })
                : error.ToProblem();
        }).WithSummary("A new token of yours, shown this once; it ends no later than the one that asks for it");
        tokens.MapDelete("/{id:guid}", async (Guid id, ClaimsPrincipal caller, People people, AccessTokens store, CancellationToken cancellation) =>
            (await store.RevokeAsync(id, await people.ActorAsync(caller, cancellation), cancellation)).ToNoContent())
            .WithSummary("Take a token away: yours, or as who administers the portal anybody's");
    }

    private static object Show(AccessToken token) => new { token.Id, token.Name, token.Person, token.CreatedAt, token.EndsAt, token.LastUsedAt };

    /// <param name="Days">Until its end; null = the usual time.</param>
    internal sealed record NewToken(string? Name = null, int? Days = null);
}
