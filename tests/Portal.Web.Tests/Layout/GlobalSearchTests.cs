using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using Portal.Web.Layout;
using Portal.Web.Tests.Controls;

namespace Portal.Web.Tests.Layout;

public sealed class GlobalSearchTests : ControlTest
{
    public GlobalSearchTests()
    {
        Services.AddScoped<ISearchSource, PageSearch>();
        Services.AddScoped<ISearchSource, BrokenSource>();
    }

    [Fact]
    public void Type_Misspelt_ThenEnter_GoesThere()
    {
        var search = Render<GlobalSearch>();
        var input = search.Find("input");
        input.Focus();
        input.Input("enviroments");
        search.WaitForState(() => search.FindAll("[role=option]").Count > 0);

        Assert.Equal("true", search.Find("[role=combobox]").GetAttribute("aria-expanded"));
        Assert.Equal("hit-0", search.Find("[role=combobox]").GetAttribute("aria-activedescendant"));
        search.Find("input").KeyDown(new KeyboardEventArgs { Key = "Enter" });

        var navigation = Services.GetRequiredService<NavigationManager>();
        search.WaitForAssertion(() => Assert.EndsWith("/environments", navigation.Uri, StringComparison.Ordinal));
    }

    [Fact]
    public void Escape_Open_Closes()
    {
        var search = Render<GlobalSearch>();
        search.Find("input").Focus();
        search.Find("input").Input("costs");
        search.WaitForState(() => search.FindAll("[role=option]").Count > 0);

        search.Find("input").KeyDown(new KeyboardEventArgs { Key = "Escape" });

        Assert.Equal("false", search.Find("[role=combobox]").GetAttribute("aria-expanded"));
    }

    [Fact]
    public void Type_NothingLikeIt_SaysWhatToTry()
    {
        var search = Render<GlobalSearch>();
        search.Find("input").Focus();
        search.Find("input").Input("zzzzzz");

        search.WaitForAssertion(() => Assert.Contains("Nothing found", search.Find(".none").TextContent, StringComparison.Ordinal));
    }

    /// <summary>One source that fails leaves the others.</summary>
    private sealed class BrokenSource : ISearchSource
    {
        public string Group => "Broken";

        public int Order => 0;

        public Task<IReadOnlyList<SearchHit>> SearchAsync(string query, int limit, CancellationToken cancellation) =>
            throw new InvalidOperationException("The source is down.");
    }
}
