using Microsoft.Playwright;

namespace Portal.E2E.Tests.Browser;

/// <summary>
/// One Chromium for the whole test process: the one that the system's packages install, driven by the Node.js that
/// Playwright's package brings. It starts when the first test needs it.
/// </summary>
public sealed class BrowserFixture : IAsyncDisposable
{
    /// <summary>Another Chromium than Debian's and Ubuntu's.</summary>
    private const string Variable = "PORTAL_TEST_CHROMIUM";

    private readonly Lazy<Task<(IPlaywright Playwright, IBrowser Browser)>> started = new(LaunchAsync);

    public async Task<IBrowser> BrowserAsync() => (await started.Value).Browser;

    public async ValueTask DisposeAsync()
    {
        if (started is not { IsValueCreated: true, Value.IsCompletedSuccessfully: true }) return;
        var (playwright, browser) = await started.Value;
        await browser.DisposeAsync();
        playwright.Dispose();
    }

    private static async Task<(IPlaywright, IBrowser)> LaunchAsync()
    {
        var playwright = await Playwright.CreateAsync();
        List<string> arguments =
        [
            "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync",
        ];
        // Chromium refuses its sandbox to root, and only to root.
        if (Environment.IsPrivilegedProcess) arguments.Add("--no-sandbox");
        var browser = await playwright.Chromium.LaunchAsync(
            new BrowserTypeLaunchOptions { ExecutablePath = Executable(), Headless = true, Args = arguments });
        return (playwright, browser);
    }

    private static string Executable() =>
        new[] { Environment.GetEnvironmentVariable(
            Variable), "/usr/bin/chromium", "/usr/bin/chromium-browser" }.FirstOrDefault(File.Exists)
        ?? throw new InvalidOperationException(
            $"There is no Chromium: run 'apt install chromium', or name one in {Variable}.");
}
