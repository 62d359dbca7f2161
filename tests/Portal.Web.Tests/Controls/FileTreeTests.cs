using Bunit;
using Microsoft.AspNetCore.Components.Web;
using Portal.Web.Controls;

namespace Portal.Web.Tests.Controls;

public sealed class FileTreeTests : ControlTest
{
    private static readonly IReadOnlyList<FileEntry> Files =
        [new("README.md"), new("src/b.cs", FileMark.Added), new("src/a/x.cs"), new("Dockerfile", FileMark.Removed)];

    [Fact]
    public void Nest_Paths_FoldersFirstThenNames()
    {
        var roots = FileTreeNode.Nest(Files);

        Assert.Equal(["src", "Dockerfile", "README.md"], roots.Select(n => n.Name));
        Assert.Equal(["a", "b.cs"], roots[0].Children.Select(n => n.Name));
        Assert.Equal(
            ("src/a/x.cs", 3), (roots[0].Children[0].Children[0].Path, roots[0].Children[0].Children[0].Level));
    }

    [Fact]
    public void Click_Folder_ClosesIt()
    {
        var tree = Render<FileTree>(p => p.Add(x => x.Files, Files));
        tree.FindAll("[role=treeitem]")[0].Click();

        Assert.Equal(3, tree.FindAll("[role=treeitem]").Count);
        Assert.Equal("false", tree.FindAll("[role=treeitem]")[0].GetAttribute("aria-expanded"));
    }

    [Fact]
    public void Keys_DownThenEnter_ChoosesFile()
    {
        string? chosen = null;
        var tree = Render<FileTree>(
            p => p.Add(x => x.Files, Files).Add(x => x.SelectedChanged, (string path) => chosen = path));
        foreach (var key in (string[])["ArrowDown", "ArrowDown", "Enter"])
        {
            tree.Find("[role=tree]").KeyDown(new KeyboardEventArgs { Key = key });
        }

        Assert.Equal("src/a/x.cs", chosen);
        Assert.Single(tree.FindAll("[tabindex='0']"));
        Assert.Contains("x.cs", tree.Find("[aria-selected=true]").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Keys_LeftInFolder_GoesToParentThenCloses()
    {
        var tree = Render<FileTree>(p => p.Add(x => x.Files, Files).Add(x => x.Selected, "src/b.cs"));
        tree.Find("[role=tree]").KeyDown(new KeyboardEventArgs { Key = "ArrowLeft" });
        Assert.Contains("src", tree.Find("[tabindex='0']").TextContent, StringComparison.Ordinal);

        tree.Find("[role=tree]").KeyDown(new KeyboardEventArgs { Key = "ArrowLeft" });

        Assert.Equal("false", tree.Find("[tabindex='0']").GetAttribute("aria-expanded"));
    }
}
