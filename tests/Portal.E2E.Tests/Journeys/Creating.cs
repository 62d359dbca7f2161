using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Portal.E2E.Tests.Browser;

namespace Portal.E2E.Tests.Journeys;

/// <summary>From the gallery to the run, as a person does it.</summary>
internal static class Creating
{
    private const float Pipeline = 240_000;

    /// <param name="title">As it stands on the card.</param>
    public static async Task ChooseTemplateAsync(this Visitor visitor, string title)
    {
        await visitor.GotoAsync("/");
        await visitor.Page.GetByRole(AriaRole.Navigation, new() { Name = "Main" })
            .GetByRole(AriaRole.Link, new() { Name = "Create", Exact = true }).ClickAsync();
        await visitor.Link($"Use this template: {title}").ClickAsync();
        await visitor.Heading(title).WaitForAsync();
    }

    public static async Task FillInAsync(this Visitor visitor, string name, string owner)
    {
        await visitor.TextBox("Name").FillAsync(name);
        await visitor.Choice("Owner").SelectOptionAsync(new SelectOptionValue { Label = owner });
    }

    public static async Task ReviewAsync(this Visitor visitor)
    {
        await visitor.Button("Review").ClickAsync();
        await visitor.Page.GetByRole(AriaRole.Heading, new() { NameRegex = new Regex("^Review: ") }).WaitForAsync();
    }

    /// <summary>Presses Create; the run's page is there when it returns.</summary>
    public static async Task CreateAsync(this Visitor visitor)
    {
        await visitor.Page.GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^Create ") }).ClickAsync();
        await visitor.Page.GetByRole(AriaRole.List, new() { Name = "Steps", Exact = true }).WaitForAsync();
    }

    /// <summary>Waits until the run's page shows the end.</summary>
    public static async Task EndsWellAsync(this Visitor visitor)
    {
        var over = visitor.Page.GetByRole(AriaRole.Status).GetByText(new Regex("^(Completed|Failed|Cancelled)$"));
        await over.WaitForAsync(new() { Timeout = Pipeline });
        var word = await over.InnerTextAsync();
        if (word != "Completed")
        {
            Assert.Fail($"The run says {word}:\n{await visitor.Page.GetByRole(AriaRole.Main).InnerTextAsync()}");
        }
    }

    /// <summary>The status in the head of a page.</summary>
    public static ILocator Shows(this Visitor visitor, string status) =>
        visitor.Page.GetByRole(AriaRole.Status).GetByText(status, new() { Exact = true });

    /// <summary>A link at the end of the run.</summary>
    public static async Task<string> ResultAsync(this Visitor visitor, string title) =>
        (await visitor.Region("Result").GetByRole(AriaRole.Group, new() { Name = title, Exact = true })
            .GetByRole(AriaRole.Link).GetAttributeAsync("href"))!;
}
