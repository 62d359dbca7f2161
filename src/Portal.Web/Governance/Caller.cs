using System.Reflection;
using Portal.Core.Access;
using Portal.Core.Shared;

namespace Portal.Web.Governance;

/// <summary>
/// Who sent the request: an endpoint takes it as a parameter, and it is looked up once for each request.
/// </summary>
/// <param name="Token">The token that the request came with; null without one.</param>
internal sealed record Caller(Actor Actor, Guid? Token)
{
    public static async ValueTask<Caller> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        if (context.Features.Get<Caller>() is { } known) return known;
        var people = context.RequestServices.GetRequiredService<People>();
        var actor = await people.PersonAsync(context.User, context.RequestAborted);
        Guid? token = Guid.TryParse(context.User.FindFirst(PersonClaims.Token)?.Value, out var id) ? id : null;
        var caller = new Caller(actor, token);
        context.Features.Set(caller);
        return caller;
    }

    public static implicit operator Actor(Caller caller) => caller.Actor;
}
