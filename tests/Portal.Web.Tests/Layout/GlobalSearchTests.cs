using System.Security.Claims;
using Bunit;
using Bunit.TestDoubles;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Access;
using Portal.Web.Layout;
using Portal.Web.Tests.Controls;

namespace Portal.Web.Tests.Layout;

public sealed class GlobalSearchTests : ControlTest
{
    public GlobalSearchTests()
    {
        Services.AddScoped<ISearchSource, PageSearch>().AddScoped<ISearchSource, CommandSearch>()
            .AddSingleton<RecentHits>();
        this.AddAuthorization().SetAuthorized("ada").SetClaims(
            new Claim(PersonClaims.Subject, "user:default/ada"));
        Services.AddScoped<ISearchSource, BrokenSource>();
    }

    [Fact]
    public async Task Type_Misspelt_ThenEnter_GoesThere()
    {
        var search = Render<GlobalSearch>();
        await TypeAsync(search, "enviroments");

        Assert.Equal("true", search.Find("[role=combobox]").GetAttribute("aria-expanded"));
        Assert.Equal("hit-0", search.Find("[role=combobox]").GetAttribute("aria-activedescendant"));
        await search.InvokeAsync(() => search.Find("input").KeyDownAsync(new KeyboardEventArgs { Key = "Enter" }));

        Assert.EndsWith(
            "/environments", Services.GetRequiredService<NavigationManager>().Uri, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Escape_Open_Closes()
    {
        var search = Render<GlobalSearch>();
        await TypeAsync(search, "costs");
        Assert.Equal("true", search.Find("[role=combobox]").GetAttribute("aria-expanded"));

        await search.InvokeAsync(() => search.Find("input").KeyDownAsync(new KeyboardEventArgs { Key = "Escape" }));

        Assert.Equal("false", search.Find("[role=combobox]").GetAttribute("aria-expanded"));
    }

    [Fact]
    public async Task Type_NothingLikeIt_SaysWhatToTry()
    {
        var search = Render<GlobalSearch>();
        await TypeAsync(search, "zzzzzz");

        Assert.Contains("Nothing found", search.Find(".none").TextContent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("create service", "Create")]
    [InlineData("create team", "Create team")]
    [InlineData("people", "People")]
    [InlineData("admin", "Admin")]
    [InlineData("access tokens", "Access tokens")]
    [InlineData("import users", "Import people and teams")]
    [InlineData("service create", "Create")]
    [InlineData("token", "Access tokens")]
    [InlineData("git password", "Access tokens")]
    [InlineData("dark", "Dark theme")]
    [InlineData("mode dark", "Dark theme")]
    [InlineData("sign out", "Sign out")]
    [InlineData("out sign", "Sign out")]
    [InlineData("logout", "Sign out")]
    [InlineData("new environment", "Request an environment")]
    [InlineData("who changes", "Activity")]
    public async Task Type_WordsOfAPageOrCommandInAnyOrder_FindsItFirst(string typed, string found)
    {
        var search = Render<GlobalSearch>();

        await TypeAsync(search, typed);

        Assert.Equal(found, search.Find("[role=option] .title").TextContent);
    }

    [Fact]
    public async Task Enter_OnACommand_DoesItAndGoesNowhere()
    {
        var search = Render<GlobalSearch>();
        var command = JSInterop.SetupVoid("portalCommand", "theme-dark").SetVoidResult();
        var before = Services.GetRequiredService<NavigationManager>().Uri;
        await TypeAsync(search, "dark");

        await search.InvokeAsync(() => search.Find("input").KeyDownAsync(new KeyboardEventArgs { Key = "Enter" }));

        Assert.Single(command.Invocations);
        Assert.Equal(before, Services.GetRequiredService<NavigationManager>().Uri);
    }

    [Fact]
    public async Task Focus_Empty_ShowsWhatOneWentToLately()
    {
        var search = Render<GlobalSearch>();
        await search.Find("input").FocusAsync(new FocusEventArgs());
        Assert.Empty(search.FindAll("[role=option]"));
        foreach (var typed in new[] { "costs", "activity", "costs" })
        {
            await TypeAsync(search, typed);
            await search.InvokeAsync(() => search.Find("input").KeyDownAsync(new KeyboardEventArgs { Key = "Enter" }));
        }

        await search.Find("input").FocusAsync(new FocusEventArgs());

        Assert.Equal("Recent", search.Find("[role=group]").GetAttribute("aria-label"));
        Assert.Equal(["Costs", "Activity"], search.FindAll("[role=option] .title").Select(t => t.TextContent));
    }

    [Theory]
    [InlineData(95, 41, 1)]
    [InlineData(95, 55, 2)]
    [InlineData(45, 41, 2)]
    public async Task Type_SomethingClear_LeavesGuessesOut(int one, int other, int shown)
    {
        Services.AddScoped<ISearchSource>(_ => new FixedSource(one, other));
        var search = Render<GlobalSearch>();

        await TypeAsync(search, "zzzzzz");

        Assert.Equal(shown, search.FindAll("[role=option]").Count);
    }

    /// <summary>Returns when the search is over: events that are awaited leave nothing to chance.</summary>
    private static async Task TypeAsync(IRenderedComponent<GlobalSearch> search, string text)
    {
        await search.Find("input").FocusAsync(new FocusEventArgs());
        await search.InvokeAsync(() => search.Find("input").InputAsync(text));
    }

    /// <summary>One source that fails leaves the others.</summary>
    private sealed class BrokenSource : ISearchSource
    {
        public string Group => "Broken";

        public int Order => 0;

        public Task<IReadOnlyList<SearchHit>> SearchAsync(string query, int limit, CancellationToken cancellation) =>
            throw new InvalidOperationException("The source is down.");
    }

    private sealed class FixedSource(params int[] scores) : ISearchSource
    {
        public string Group => "Things";

        public int Order => 1;

        public Task<IReadOnlyList<SearchHit>> SearchAsync(string query, int limit, CancellationToken cancellation) =>
            Task.FromResult<IReadOnlyList<SearchHit>>(
                [.. scores.Select(s => new SearchHit($"Thing {s}", null, "/", "house", s))]);
    }
}
