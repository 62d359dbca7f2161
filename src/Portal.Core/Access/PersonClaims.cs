using System.Security.Claims;
using Portal.Core.Shared;

namespace Portal.Core.Access;

public static class PersonClaims
{
    /// <summary>Claim with the entity reference of who is signed in.</summary>
    public const string Subject = "sub";

    public const string Name = "name";

    /// <summary>Claim with the id of the session that a browser's cookie stands for.</summary>
    public const string Session = "portal:session";

    /// <summary>Claim with the id of the token that the request came with.</summary>
    public const string Token = "portal:token";

    public static EntityRef? Reference(this ClaimsPrincipal person) =>
        EntityRef.TryParse(person.FindFirst(Subject)?.Value, "user", out var reference) ? reference : null;
}
