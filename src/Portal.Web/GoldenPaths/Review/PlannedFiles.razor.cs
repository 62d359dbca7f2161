using Microsoft.AspNetCore.Components;
using Portal.Web.Controls;
using Tree = Portal.Core.Shared.Files.FileTree;

namespace Portal.Web.GoldenPaths.Review;

/// <summary>The files that a plan makes, with a look into each.</summary>
public sealed partial class PlannedFiles
{
    private readonly string id = $"files-{Guid.NewGuid():N}";
    private IReadOnlyList<FileEntry> entries = [];
    private Tree? shown;
    private string? selected;

    [Parameter, EditorRequired] public required Tree Files { get; set; }

    protected override void OnParametersSet()
    {
        if (ReferenceEquals(shown, Files)) return;
        shown = Files;
        entries = [.. Files.Files.Select(f => new FileEntry(f.Path))];
        selected =
            entries.Any(e => e.Path == "README.md") ? "README.md" : entries is [var first, ..] ? first.Path : null;
    }
}
