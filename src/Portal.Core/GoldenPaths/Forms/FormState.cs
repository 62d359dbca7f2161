using System.Text.Json.Nodes;

namespace Portal.Core.GoldenPaths.Forms;

/// <summary>The form for the current values: what is shown, in which order, with what in it.</summary>
/// <param name="Pages">The pages in order; a page stays even when none of its fields is visible.</param>
/// <param name="Values">The values without those of fields that are not shown: what would be submitted.</param>
public sealed record FormState(IReadOnlyList<FormPage> Pages, JsonObject Values)
{
    public IEnumerable<FormField> Fields =>
        Pages.SelectMany(page => page.Fields).SelectMany(shown => shown.SelfAndBelow());

    public FormField? Find(string path) => Fields.FirstOrDefault(shown => shown.Path == path);
}

/// <summary>One page of the form.</summary>
/// <param name="Index">From 0.</param>
/// <param name="Title">Never empty.</param>
/// <param name="Description">Markdown, or null.</param>
/// <param name="Fields">The fields, in the order of <c>ui:order</c>.</param>
/// <param name="Choices">Alternatives that decide about the page's fields.</param>
public sealed record FormPage(
    int Index, string Title, string? Description, IReadOnlyList<FormField> Fields, IReadOnlyList<FormChoice> Choices);
