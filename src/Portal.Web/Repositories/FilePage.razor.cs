using Microsoft.AspNetCore.Components;
using Portal.Core.Catalog.Repositories;
using Portal.Core.Shared;
using Portal.Web.Shared;

namespace Portal.Web.Repositories;

/// <summary>A file of a repository at a branch, tag or commit; a binary one is named and can be saved.</summary>
public sealed partial class FilePage
{
    private const int Around = 3;
    private const int LongestLine = 300;
    private string? text;
    private IReadOnlyList<(int Number, string Text)> excerpt = [];
    private long size;
    private bool isRead, isMarkdown;

    [Parameter] public required string Path { get; set; }

    /// <summary>The one that is meant, from 1.</summary>
    [SupplyParameterFromQuery] private int? Line { get; set; }

    protected override async Task ShowAsync(BrowsedRepository repository)
    {
        (isRead, text, excerpt) = (false, null, []);
        if (OrProblem(await repository.FileAsync(At, Path, Closing)) is not { } content) return;
        (isRead, size) = (true, content.Length);
        text = TextFiles.TextOf(content);
        isMarkdown = Path.EndsWith(".md", StringComparison.OrdinalIgnoreCase) && Line is null;
        if (text is not null && Line is > 0) excerpt = Excerpt(text, Line.Value);
    }

    private static List<(int Number, string Text)> Excerpt(string text, int line) =>
        [.. text.Split('\n').Select((t, i) => (Number: i + 1, Text: t.TrimEnd('\r')))
            .Skip(Math.Max(0, line - 1 - Around)).Take(2 * Around + 1)
            .Select(l => (l.Number, Words.Short(l.Text, LongestLine)))];
}
