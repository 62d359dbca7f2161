using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace Portal.Web.Controls;

/// <summary>
/// A list of paths as a tree. One tab stop; arrows move, right and left open and close, Enter and Space choose, Home
/// and End go to the ends.
/// </summary>
public sealed partial class FileTree
{
    private readonly HashSet<string> closed = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ElementReference> elements = new(StringComparer.Ordinal);
    private IReadOnlyList<FileEntry>? nested;
    private IReadOnlyList<FileTreeNode> roots = [];
    private List<FileTreeNode> visible = [];
    private string? focused;
    private bool moveFocus;

    [Parameter, EditorRequired] public required IReadOnlyList<FileEntry> Files { get; set; }
    [Parameter] public string Label { get; set; } = "Files";

    /// <summary>Path of the chosen file.</summary>
    [Parameter] public string? Selected { get; set; }
    [Parameter] public EventCallback<string> SelectedChanged { get; set; }

    protected override void OnParametersSet()
    {
        if (!ReferenceEquals(nested, Files)) (nested, roots) = (Files, FileTreeNode.Nest(Files));
        Lay();
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!moveFocus || focused is null) return;
        moveFocus = false;
        await elements[focused].FocusAsync();
    }

    private void Lay()
    {
        visible = [];
        foreach (var root in roots) Add(root);
        if (visible.All(n => n.Path != focused))
        {
            focused = (visible.FirstOrDefault(n => n.Path == Selected) ?? visible.FirstOrDefault())?.Path;
        }
    }

    private void Add(FileTreeNode node)
    {
        visible.Add(node);
        if (!node.IsFolder || closed.Contains(node.Path)) return;
        foreach (var child in node.Children) Add(child);
    }

    private Task ClickAsync(FileTreeNode node)
    {
        focused = node.Path;
        if (!node.IsFolder) return ChooseAsync(node);
        Turn(node, open: closed.Contains(node.Path));
        return Task.CompletedTask;
    }

    private async Task KeyAsync(KeyboardEventArgs key)
    {
        var at = visible.FindIndex(n => n.Path == focused);
        if (at < 0) return;
        var node = visible[at];
        var open = node.IsFolder && !closed.Contains(node.Path);
        switch (key.Key)
        {
            case "ArrowDown": Focus(at + 1); break;
            case "ArrowUp": Focus(at - 1); break;
            case "Home": Focus(0); break;
            case "End": Focus(visible.Count - 1); break;
            case "ArrowRight" when node.IsFolder && !open: Turn(node, open: true); break;
            case "ArrowRight" when open: Focus(at + 1); break;
            case "ArrowLeft" when open: Turn(node, open: false); break;
            case "ArrowLeft": Focus(visible.FindLastIndex(at, n => n.Level < node.Level)); break;
            case "Enter" or " ": await ClickAsync(node); break;
        }
    }

    private void Turn(FileTreeNode node, bool open)
    {
        if (open) closed.Remove(node.Path);
        else closed.Add(node.Path);
        Lay();
    }

    private void Focus(int index)
    {
        if (index < 0 || index >= visible.Count) return;
        focused = visible[index].Path;
        moveFocus = true;
    }

    private async Task ChooseAsync(FileTreeNode node)
    {
        Selected = node.Path;
        await SelectedChanged.InvokeAsync(node.Path);
    }
}
