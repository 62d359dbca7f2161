using System.Text;
using Portal.Core.Shared.Files;

namespace Portal.TestKit.Fakes;

public static class Trees
{
    /// <summary>A tree of text files.</summary>
    public static FileTree Of(params (string Path, string Text)[] files) =>
        new(files.Select(f => new TreeFile(f.Path, Encoding.UTF8.GetBytes(f.Text))));

    public static TreeFile Link(string path, string target) => new(path, Encoding.UTF8.GetBytes(target), IsLink: true);

    public static FileTree And(this FileTree tree, params TreeFile[] files) => new([.. tree.Files, .. files]);
}
