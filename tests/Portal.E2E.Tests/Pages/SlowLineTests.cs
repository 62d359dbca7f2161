using Microsoft.Playwright;
using Portal.E2E.Tests.Browser;
using Portal.E2E.Tests.Hosting;

namespace Portal.E2E.Tests.Pages;

/// <summary>What is typed faster than the line carries it stays as it was typed, in every kind of field.</summary>
public sealed class SlowLineTests(BrowserFixture browser, SharedPortal shared) : BrowserTest(browser)
{
    private const string Typed = "the quick brown fox";

    private static readonly string[] Texts =
    [
        "Text", "Long text", "Name", "Email", "Address", "Secret", "Whole number", "Tags",
        "Repository", "Inner",
    ];

    [Theory]
    [InlineData(50)]
    [InlineData(100)]
    [InlineData(200)]
    public async Task Type_OverASlowLine_LosesNothing(int milliseconds)
    {
        await using var line = new SlowLine(
            (await shared.PortalAsync()).Address, TimeSpan.FromMilliseconds(milliseconds));
        var ada = await SignInAsync(line.Address);
        await ada.GotoAsync("/dev/controls");
        var form = ada.Region("Fields of a template's form");

        // What is typed before the page answers would be lost: until then its forms are closed.
        await Assertions.Expect(form.GetByLabel("Text", new() { Exact = true }))
            .ToBeEnabledAsync(new() { Timeout = 20_000 });
        foreach (var label in Texts)
        {
            var field = form.GetByLabel(label, new() { Exact = true });
            await field.FocusAsync();
            await ada.Page.Keyboard.TypeAsync(Typed, new() { Delay = 30 });
        }
        var amount = form.GetByLabel("Number with arrows");
        await amount.FocusAsync();
        await ada.Page.Keyboard.TypeAsync("1234567", new() { Delay = 30 });
        await HeardAsync(ada);

        foreach (var label in Texts)
        {
            await Assertions.Expect(form.GetByLabel(label, new() { Exact = true })).ToHaveValueAsync(Typed);
        }
        await Assertions.Expect(amount).ToHaveValueAsync("1234567");
    }

    /// <summary>
    /// One line carries everything in its order: what was typed before this answer has been answered too.
    /// </summary>
    private static async Task HeardAsync(Visitor visitor)
    {
        await visitor.Button("Write 1,000 lines").ClickAsync();
        await visitor.Page.GetByText("1005 lines").WaitForAsync();
    }
}
