using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Access;
using Portal.Core.Shared;

namespace Portal.Web.Tests.Requests;

/// <summary>What somebody tries who wants more rights than they have, or to take them from others.</summary>
[Trait("Category", "Attack")]
[Trait("User", "Any")]
public sealed class RightsAttacks
{
    /// <summary>The one administrator of the sample organisation.</summary>
    private const string Chen = "chen";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RemoveSample_ByAnybodyAndThenAnAdministrator_NeverLeavesThePortalWithoutOne()
    {
        await using var portal = new LivePortal();
        await portal.InitializeAsync();
        using var ada = await portal.ClientAsync("ada");
        using var refused = await ada.DeleteAsync("/api/v1/catalog/sample", Cancellation);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Equal(
            HttpStatusCode.OK,
            (await ada.GetAsync("/api/v1/catalog/entities/group/default/platform", Cancellation)).StatusCode);

        using var admin = await portal.ClientAsync(Chen);
        using var removed = await admin.DeleteAsync("/api/v1/catalog/sample", Cancellation);
        Assert.Equal(HttpStatusCode.OK, removed.StatusCode);

        Assert.Equal(
            HttpStatusCode.NotFound,
            (await admin.GetAsync("/api/v1/catalog/entities/group/default/platform", Cancellation)).StatusCode);
        Assert.Equal(
            HttpStatusCode.OK,
            (await admin.GetAsync($"/api/v1/catalog/entities/user/default/{Chen}", Cancellation)).StatusCode);
        // Grants reach a process within ten seconds; another has them at once.
        var authorise = ActivatorUtilities.CreateInstance<Authorise>(portal.Services);
        Assert.True(await authorise.MayAsync(
            new Actor(EntityRef.User(Chen), "", []), Permissions.Administer, null, Cancellation));
        var activity = await admin.GetStringAsync("/api/v1/activity?limit=200", Cancellation);
        Assert.Contains("role.granted", activity, StringComparison.Ordinal);
        Assert.DoesNotContain(
            "\"action\":\"entity.removed\",\"actor\":\"system", activity.Replace(" ", "", StringComparison.Ordinal),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task RemoveSample_WithAnotherAdministrator_KeepsNobody()
    {
        await using var portal = new LivePortal();
        await portal.InitializeAsync();
        await portal.Services.GetRequiredService<People>().IssueTokenAsync(
            EntityRef.User("root"), Cancellation, administrator: true);
        using var admin = await portal.ClientAsync(Chen);

        using var removed = await admin.DeleteAsync("/api/v1/catalog/sample", Cancellation);

        Assert.Equal(HttpStatusCode.OK, removed.StatusCode);
        using var root = await portal.ClientAsync("root");
        Assert.Equal(
            HttpStatusCode.NotFound,
            (await root.GetAsync($"/api/v1/catalog/entities/user/default/{Chen}", Cancellation)).StatusCode);
    }
}
