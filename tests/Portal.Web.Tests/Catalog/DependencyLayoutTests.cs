using Portal.Core.Catalog;
using Portal.Core.Shared;
using Portal.Web.Catalog;

namespace Portal.Web.Tests.Catalog;

public sealed class DependencyLayoutTests
{
    [Fact]
    public void Nodes_OfAColumn_DoNotOverlapAndLieInsideThePicture()
    {
        var nodes = Enumerable.Range(0, 10).Select(i => Node($"n{i}", 1)).Append(Node("middle", 0)).ToList();

        var layout = new DependencyLayout(new Dependencies(
            nodes, [.. nodes.Take(10).Select(n => new DependencyEdge(Key("middle"), n.Entity.Key))], true));

        var column = layout.Nodes.Where(n => n.Node.Level == 1).Select(n => n.Y).Order().ToList();
        Assert.All(column.Zip(column.Skip(1)), p => Assert.True(p.Second - p.First > DependencyLayout.NodeHeight));
        Assert.All(layout.Nodes, n => Assert.True(
            n is { X: >= 0, Y: >= 0 } && n.X + DependencyLayout.NodeWidth <= layout.Width
                && n.Y + DependencyLayout.NodeHeight <= layout.Height));
        Assert.Equal(10, layout.Lines.Count);
    }

    /// <summary>Who needs x stands beside x, who needs y beside y.</summary>
    [Fact]
    public void Nodes_OfTheNextColumn_StandInTheOrderOfWhatTheyAreJoinedWith()
    {
        var layout = new DependencyLayout(new Dependencies(
            [Node("m", 0), Node("x", 1), Node("y", 1), Node("of-y", 2), Node("z-of-x", 2)],
            [Edge("m", "x"), Edge("m", "y"), Edge("y", "of-y"), Edge("x", "z-of-x")], true));

        Assert.Equal(["z-of-x", "of-y"], layout.Nodes.Where(n => n.Node.Level == 2).Select(n => n.Node.Title));
    }

    private static string Key(string name) => $"component:default/{name}";

    private static DependencyEdge Edge(string from, string to) => new(Key(from), Key(to));

    private static DependencyNode Node(string name, int level) =>
        new(new EntityRef("Component", "default", name), name, level);
}
