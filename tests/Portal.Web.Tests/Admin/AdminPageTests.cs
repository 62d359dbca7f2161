using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;
using Portal.TestKit.Postgres;
using Portal.Web.Admin;
using Portal.Web.Hosting;
using Portal.Web.Providers;
using Portal.Web.Tests.Pages;

namespace Portal.Web.Tests.Admin;

public sealed class AdminPageTests : PageTest
{
    public AdminPageTests(PostgresFixture postgres)
        : base(postgres)
    {
        Services.AddHealthChecks().AddCheck(
            "disk", () => HealthCheckResult.Degraded("Little is left."), [Health.ReadyTag]);
        Services.AddSingleton<IHostEnvironment>(new HostingEnvironment { EnvironmentName = "Development" });
        Services.AddProviderPages();
        Services.AddAdminPages();
    }

    [Fact]
    public void Show_ToAnAdministrator_SaysWhatIsSetAndWhereItIsChanged()
    {
        SignIn("pat");

        var page = Render<AdminPage>();

        Says(page, "Health and version");
        foreach (var words in new[]
        {
            Host.Instance, "Portal:Providers", "Portal:Templates:Sources", "dev, test, prod", "Portal:Catalog:PeopleFile",
            "Portal:Tokens", "portal.administer", "Everybody who is signed in", "Little is left.", "Degraded",
        })
        {
            Assert.Contains(words, Text(page), StringComparison.Ordinal);
        }
        foreach (var link in new[] { "/providers", "/teams", "/people", "/people/import", "/create" })
        {
            Assert.NotNull(page.Find($"a[href='{link}']"));
        }
    }

    [Fact]
    public void Show_ToAnybodyElse_SaysThatTheyHaveNoAccess_AndNothingElse()
    {
        SignIn("ada");

        var page = Render<AdminPage>();

        Says(page, "You don't have access");
        Assert.DoesNotContain("Portal:", Text(page), StringComparison.Ordinal);
        Assert.DoesNotContain(Host.Instance, Text(page), StringComparison.Ordinal);
    }
}
