using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Portal.E2E.Tests.Hosting;

namespace Portal.E2E.Tests.Browser;

/// <summary>
/// A test with a browser. When it fails, what each visitor saw and what the browser said is saved in <c>TestResults</c>
/// beside the test's program.
/// </summary>
public abstract class BrowserTest(BrowserFixture browser) : IAsyncDisposable
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "TestResults");
    private readonly List<Visitor> visitors = [];

    public async ValueTask DisposeAsync()
    {
        var failed = TestContext.Current.TestState?.Result == TestResult.Failed;
        for (var i = 0; i < visitors.Count; i++)
        {
            if (failed) await SaveAsync(visitors[i], i);
            await visitors[i].DisposeAsync();
        }
        GC.SuppressFinalize(this);
    }

    protected Task<Visitor> AnonymousAsync(PortalHost portal, ColorScheme theme = ColorScheme.Light) =>
        AnonymousAsync(portal.Address, theme);

    protected async Task<Visitor> AnonymousAsync(Uri portal, ColorScheme theme = ColorScheme.Light) =>
        Keep(await Visitor.AnonymousAsync(browser, portal, theme));

    /// <param name="name">As it stands on the sign-in page.</param>
    protected Task<Visitor> SignInAsync(
        PortalHost portal, string name = "Ada Morgan", ColorScheme theme = ColorScheme.Light) =>
        SignInAsync(portal.Address, name, theme);

    /// <param name="name">As it stands on the sign-in page.</param>
    protected async Task<Visitor> SignInAsync(
        Uri portal, string name = "Ada Morgan", ColorScheme theme = ColorScheme.Light)
    {
        var visitor = await AnonymousAsync(portal, theme);
        await visitor.SignInAsync(name);
        return visitor;
    }

    private Visitor Keep(Visitor visitor)
    {
        visitors.Add(visitor);
        return visitor;
    }

    private static async Task SaveAsync(Visitor visitor, int number)
    {
        Directory.CreateDirectory(Folder);
        var test = Regex.Replace(
            TestContext.Current.Test?.TestDisplayName ?? "test", "[^A-Za-z0-9]+", "-", RegexOptions.None,
            TimeSpan.FromSeconds(1));
        await visitor.SaveAsync(Path.Combine(Folder, $"{test[..Math.Min(test.Length, 120)]}-{number}"));
    }
}
