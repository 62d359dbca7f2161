using System.Text.Json.Nodes;
using AngleSharp.Dom;
using Bunit;
using Portal.Core.GoldenPaths.Forms;
using Portal.Core.Shared;
using Portal.Web.GoldenPaths.Fields;
using Portal.Web.Tests.Controls;

namespace Portal.Web.Tests.GoldenPaths;

/// <summary>A form's page as it is rendered; fields are found by their labels, as people find them.</summary>
public abstract class FieldTest : ControlTest
{
    private IRenderedComponent<FormPageView>? page;

    internal FormModel Form { get; private set; } = null!;

    /// <param name="parameters">As <c>spec.parameters</c>, in YAML.</param>
    /// <param name="kept">Paths of secrets that were given before.</param>
    protected void Show(string parameters, INameCheck? names = null, IReadOnlySet<string>? kept = null)
    {
        var form = FormDefinition.Parse(Yaml.Parse(parameters)[0].Root);
        Assert.Empty(form.Problems);
        Form = new FormModel(form, form.ApplyDefaults([]), kept) { Names = names };
        page = Render<FormPageView>(p => p.Add(v => v.Form, Form).Add(v => v.Page, Form.State.Pages[0]));
        Form.Changed += () => page.Render(p => p.Add(v => v.Form, Form).Add(v => v.Page, Form.State.Pages[0]));
    }

    protected IElement Labelled(string label) =>
        Find(label) ?? throw new InvalidOperationException($"Nothing is labelled '{label}' in {page!.Markup}");

    protected bool IsShown(string label) => Find(label) is not null;

    protected IElement Group(string legend) =>
        page!.FindAll("fieldset").Single(f => f.QuerySelector("legend")?.ChildNodes[0].TextContent.Trim() == legend);

    protected IElement Button(string name) =>
        page!.FindAll("button").Single(b => (b.GetAttribute("aria-label") ?? b.TextContent) == name);

    protected string? Described(IElement control) => control.GetAttribute("aria-describedby") is { } ids
        ? string.Join(' ', ids.Split(' ').Select(id => page!.Find("#" + id).TextContent.Trim()))
        : null;

    protected void Leave() => Form.Try(0);

    protected JsonNode? Value(string path) => FormValues.Get(Form.Values, path);

    private IElement? Find(string label)
    {
        var found = page!.FindAll("label").Where(l => l.TextContent.Trim() == label).ToList();
        if (found.Count == 0) return null;
        return found[0].QuerySelector("input, select, textarea") ?? page!.Find("#" + found[0].GetAttribute("for"));
    }
}
