using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Portal.Core.Shared;
using Portal.Web.Shared;

namespace Portal.Web.Layout;

/// <summary>Search, theme, and who is signed in.</summary>
public sealed partial class TopBar
{
    private string? name;
    private string? reference;
    private string? profile;

    [CascadingParameter] private Task<AuthenticationState>? Authentication { get; set; }

    protected override async Task OnInitializedAsync()
    {
        if (Authentication is null || (await Authentication).User is not { Identity.IsAuthenticated: true } user)
        {
            return;
        }
        reference = user.FindFirst("sub")?.Value;
        name = user.FindFirst("name")?.Value ?? user.Identity.Name ?? reference ?? "You";
        if (EntityRef.TryParse(reference, "user", out var entity)) profile = PortalUrls.Entity(entity.Value);
    }

    private static string Initials(string name)
    {
        var words = name.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return words switch
        {
            [] => "?",
            [var only] => only[..1].ToUpperInvariant(),
            [var first, .., var last] => $"{first[0]}{last[0]}".ToUpperInvariant(),
        };
    }
}
