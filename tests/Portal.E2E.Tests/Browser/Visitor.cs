using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Portal.E2E.Tests.Browser;

/// <summary>
/// One person with a window of their own, with nothing kept from another test.
/// </summary>
public sealed class Visitor : IAsyncDisposable
{
    private static readonly byte[] Rendered = "OnRenderCompleted"u8.ToArray();
    private readonly ConcurrentQueue<string> console = [];
    private readonly IBrowserContext context;
    private TaskCompletionSource interactive = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>How many documents were asked for, and the first that counts.</summary>
    private int document, wanted;

    private Visitor(IBrowserContext context, IPage page)
    {
        this.context = context;
        Page = page;
        page.SetDefaultTimeout(20_000);
        page.Console += (_, message) => console.Enqueue($"{message.Type}: {message.Text}");
        page.PageError += (_, error) => console.Enqueue($"uncaught: {error}");
        page.RequestFailed +=
            (_, request) => console.Enqueue($"failed: {request.Method} {request.Url} {request.Failure}");
        page.Request += (_, request) =>
        {
            if (request.IsNavigationRequest && request.Frame == page.MainFrame) document++;
        };
        page.WebSocket += (_, socket) =>
        {
            // The connection of a page that was left may still draw, and one that comes back to a portal that was
            // started again says once more what it had drawn, before it is loaded anew.
            var (mine, of) = (interactive, document);
            socket.FrameSent += (_, frame) =>
            {
                // The page tells the server that it has drawn what the circuit made: from here on buttons do something.
                if (of >= wanted && frame.Binary is { } bytes && bytes.AsSpan().IndexOf(Rendered) >= 0)
                {
                    mine.TrySetResult();
                }
            };
        };
    }

    public IPage Page { get; }

    /// <summary>Errors that the browser's console shows to who looks.</summary>
    public IEnumerable<string> Errors => console.Where(line => line.StartsWith("error:", StringComparison.Ordinal)
        || line.StartsWith("uncaught:", StringComparison.Ordinal));

    public static async Task<Visitor> AnonymousAsync(
        BrowserFixture browser, Uri portal, ColorScheme theme = ColorScheme.Light)
    {
        var context = await (await browser.BrowserAsync()).NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = portal.ToString(), ColorScheme = theme, ReducedMotion = ReducedMotion.Reduce,
            ViewportSize = new ViewportSize { Width = 1280, Height = 900 },
        });
        return new Visitor(context, await context.NewPageAsync());
    }

    /// <param name="name">As it stands on the sign-in page.</param>
    public async Task SignInAsync(string name)
    {
        await Page.GotoAsync("/sign-in");
        ForgetPage();
        await Page.GetByRole(AriaRole.Button, new() { NameRegex = new Regex($"^{Regex.Escape(name)}") }).ClickAsync();
        await Button($"{name}, account").WaitForAsync();
        await AnswersAsync();
    }

    /// <summary>Goes there and waits until the page answers to clicks.</summary>
    public async Task GotoAsync(string path)
    {
        ForgetPage();
        await Page.GotoAsync(path);
        await AnswersAsync();
    }

    /// <summary>Call before the page is loaded again, <see cref="AnswersAsync"/> after.</summary>
    public void ForgetPage() => (interactive, wanted) =
        (new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), document + 1);

    public async Task AnswersAsync()
    {
        try
        {
            await interactive.Task.WaitAsync(TimeSpan.FromSeconds(45));
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"{Page.Url} did not become interactive:\n{string.Join('\n', console)}");
        }
    }

    public ILocator Heading(string name) => Page.GetByRole(AriaRole.Heading, new() { Name = name, Level = 1 });

    public ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    public ILocator Link(string name) => Page.GetByRole(AriaRole.Link, new() { Name = name, Exact = true });

    public ILocator TextBox(string name) => Page.GetByRole(AriaRole.Textbox, new() { Name = name, Exact = true });

    public ILocator Choice(string name) => Page.GetByRole(AriaRole.Combobox, new() { Name = name, Exact = true });

    public ILocator Region(string name) => Page.GetByRole(AriaRole.Region, new() { Name = name, Exact = true });

    public ILocator About => Page.GetByRole(AriaRole.Complementary, new() { Name = "About" });

    public ValueTask DisposeAsync() => context.DisposeAsync();

    /// <summary>A picture for the docs, when <c>PORTAL_PICTURES</c> names a folder for them.</summary>
    public async Task ShootAsync(string name)
    {
        if (Environment.GetEnvironmentVariable("PORTAL_PICTURES") is { Length: > 0 } folder)
        {
            await Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, name + ".png") });
        }
    }

    /// <param name="name">Path of the files, without their ending.</param>
    public async Task SaveAsync(string name)
    {
        await File.WriteAllLinesAsync(name + ".log", [Page.Url, .. console]);
        await Page.ScreenshotAsync(new PageScreenshotOptions { Path = name + ".png", FullPage = true });
    }
}
