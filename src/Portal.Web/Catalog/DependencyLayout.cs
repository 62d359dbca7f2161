using Portal.Core.Catalog;

namespace Portal.Web.Catalog;

/// <summary>Where each node of a dependency picture is drawn: a column for each level, in px.</summary>
internal sealed class DependencyLayout
{
    public const int NodeWidth = 164, NodeHeight = 44;
    private const int ColumnGap = 44, RowGap = 12, Margin = 2;

    private readonly Dictionary<string, (int X, int Y)> places = new(StringComparer.Ordinal);

    public DependencyLayout(Dependencies of)
    {
        var columns = of.Nodes.GroupBy(n => n.Level).OrderBy(g => g.Key).Select(g => g.ToList()).ToList();
        var tallest = columns.Max(c => c.Count);
        Height = HeightOf(tallest) + 2 * Margin;
        Width = columns.Count * (NodeWidth + ColumnGap) - ColumnGap + 2 * Margin;
        foreach (var (i, column) in columns.Index())
        {
            var x = Margin + i * (NodeWidth + ColumnGap);
            var y = Margin + (HeightOf(tallest) - HeightOf(column.Count)) / 2;
            foreach (var node in InOrder(column, of.Edges))
            {
                places.Add(node.Entity.Key, (x, y));
                Nodes.Add((node, x, y));
                y += NodeHeight + RowGap;
            }
        }
        Lines = [.. of.Edges.Select(Line)];
    }

    public int Width { get; }
    public int Height { get; }
    public List<(DependencyNode Node, int X, int Y)> Nodes { get; } = [];

    /// <summary>Paths in SVG, from what needs to what is needed.</summary>
    public IReadOnlyList<string> Lines { get; }

    private static int HeightOf(int rows) => rows * (NodeHeight + RowGap) - RowGap;

    /// <summary>Beside what it is joined with in the column before, so that few lines cross.</summary>
    private IEnumerable<DependencyNode> InOrder(List<DependencyNode> column, IReadOnlyList<DependencyEdge> edges) =>
        column.OrderBy(node => edges.Where(e => e.To == node.Entity.Key && places.ContainsKey(e.From))
                .Select(e => places[e.From].Y).DefaultIfEmpty().Average())
            .ThenBy(node => node.Title, StringComparer.OrdinalIgnoreCase);

    private string Line(DependencyEdge edge)
    {
        var ((fromX, fromY), (toX, toY)) = (places[edge.From], places[edge.To]);
        var (x1, y1, x2, y2) = (fromX + NodeWidth, fromY + NodeHeight / 2, toX, toY + NodeHeight / 2);
        var bend = (x2 - x1) / 2;
        return FormattableString.Invariant($"M{x1},{y1} C{x1 + bend},{y1} {x2 - bend},{y2} {x2 - 5},{y2}");
    }
}
