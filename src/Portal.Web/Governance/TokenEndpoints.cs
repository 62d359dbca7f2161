using Microsoft.AspNetCore.Http.HttpResults;
using Portal.Core.Access;
using Portal.Core.Shared;
using Portal.Web.Shared;
using Portal.Web.Shared.Contract;

namespace Portal.Web.Governance;

internal static class TokenEndpoints
{
    private static readonly Error WrongPerson =
        Error.Invalid("person-invalid", "Write person as an entity reference, for example user:default/ada.");

    public static void MapTokensApi(this IEndpointRouteBuilder api)
    {
        var tokens = api.MapGroup("/tokens").WithTags("Access");
        tokens.MapGet("", ListAsync)
            .Named("listTokens", "Your tokens; with person those of somebody else, for who administers the portal");
        tokens.MapPost("", CreateAsync)
            .Named(
                "createToken", "A new token of yours, shown this once; it ends no later than the one that asks for it")
            .Fails(StatusCodes.Status409Conflict)
            .Example("""{"name": "laptop", "days": 30}""");
        tokens.MapDelete("/{id:guid}", RevokeAsync)
            .Named("revokeToken", "Take a token away: yours, or as who administers the portal anybody's");
    }

    private static async Task<Results<Ok<Listed<TokenSummary>>, Problem>> ListAsync(
        string? person, Caller caller, AccessTokens store, CancellationToken cancellation)
    {
        if (person is not null && !EntityRef.TryParse(person, "user", out _)) return WrongPerson.ToProblem();
        var whose = person is null ? caller.Actor.Ref : EntityRef.Parse(person, "user");
        return (await store.ListAsync(whose, caller, cancellation)).ToList(TokenSummary.Of);
    }

    private static async Task<Results<Created<NewToken>, Problem>> CreateAsync(
        TokenRequest body, Caller caller, AccessTokens store, CancellationToken cancellation)
    {
        var made = await store.CreateAsync(caller, body.Name, body.Days, caller.Token, cancellation);
        return made.ToCreated(
            token => $"/api/v1/tokens/{token.Row.Id}",
            token => new NewToken(token.Text, token.Row.Id, token.Row.Name, token.Row.EndsAt));
    }

    private static async Task<Results<NoContent, Problem>> RevokeAsync(
        Guid id, Caller caller, AccessTokens store, CancellationToken cancellation) =>
        (await store.RevokeAsync(id, caller, cancellation)).ToNoContent();

    /// <param name="Days">Until its end; null = the usual time.</param>
    internal sealed record TokenRequest(string? Name = null, int? Days = null);

    /// <param name="Token">Its text: nobody can read it again.</param>
    internal sealed record NewToken(string Token, Guid Id, string Name, DateTimeOffset EndsAt);

    /// <param name="LastUsedAt">To about five minutes; null = never.</param>
    internal sealed record TokenSummary(
        Guid Id, string Name, string Person, DateTimeOffset CreatedAt, DateTimeOffset EndsAt,
        DateTimeOffset? LastUsedAt)
    {
        public static TokenSummary Of(AccessToken t) =>
            new(t.Id, t.Name, t.Person, t.CreatedAt, t.EndsAt, t.LastUsedAt);
    }
}
