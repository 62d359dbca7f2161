using System.Security.Claims;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Components;
using Portal.Core.Access;
using Portal.Core.Catalog.Organisation;
using Portal.Core.Shared;
using Portal.Web.Governance;
using Portal.Web.Shared;

namespace Portal.Web.Organisation;

/// <summary>
/// Names the first administrator, and signs them in: who holds the link of the log runs the portal. Without it, and
/// once there is an administrator, nothing is here.
/// </summary>
public sealed partial class SetUpPage
{
    private bool isOpen;
    private Error? wrong;

    [SupplyParameterFromQuery] private string? Key { get; set; }
    [SupplyParameterFromForm(FormName = "set-up")] private SetUpForm? Form { get; set; }
    [CascadingParameter] private HttpContext Context { get; set; } = default!;
    [Inject] private FirstSetUp SetUp { get; set; } = default!;
    [Inject] private People People { get; set; } = default!;
    [Inject] private NavigationManager Navigation { get; set; } = default!;

    protected override async Task OnInitializedAsync()
    {
        Form ??= new SetUpForm { Key = Key };
        isOpen = await SetUp.IsOpenAsync(Form.Key, Context.RequestAborted);
        // The link opens the portal: no page elsewhere learns it. "no-referrer" would hide from the portal, too, whose
        // form it is that is sent.
        Context.Response.Headers["Referrer-Policy"] = "same-origin";
        if (!isOpen) Context.Response.StatusCode = StatusCodes.Status404NotFound;
    }

    private async Task CompleteAsync()
    {
        if (!isOpen) return;
        if (!Form!.Read().TryGet(out var wish, out wrong)) return;
        var done = await SetUp.CompleteAsync(Form.Key, wish, Context.RequestAborted);
        if (!done.TryGet(out var person, out wrong)) return;
        var actor = await People.PersonAsync(person, Context.RequestAborted);
        await SignInEndpoints.BeginAsync(
            Context, Governance.Persons.Principal(actor, CookieAuthenticationDefaults.AuthenticationScheme));
        Navigation.NavigateTo(PortalUrls.Teams);
    }
}
