using System.Text.Json.Nodes;
using Portal.Core.Access;
using Portal.Core.Shared;
using Portal.Web.Governance;

namespace Portal.Web.GoldenPaths.Wizard;

/// <summary>
/// For whom a form creates: whoever may run templates may create for any team, and what is made belongs to that team.
/// </summary>
internal sealed class TeamOfForm(Authorise authorise, CurrentActor current)
{
    /// <summary>The owner that the form names, where who fills it in may not change its things; else null.</summary>
    public async Task<EntityRef?> OfOthersAsync(JsonObject values, CancellationToken cancellation)
    {
        if (values["owner"] is not JsonValue value || !value.TryGetValue<string>(out var text)
            || EntityRef.Owner(text) is not { } owner)
        {
            return null;
        }
        var actor = await current.GetAsync(cancellation);
        return await authorise.MayAsync(actor, Permissions.RepositoryPush, owner, cancellation)
            && await authorise.MayAsync(actor, Permissions.EnvironmentChange, owner, cancellation) ? null : owner;
    }
}
