using System.Runtime.InteropServices;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Portal.Core.Shared;

/// <summary>
/// YAML's events, as long as they keep to the limits: whoever builds something of them needs no limits of its own. An
/// alias inside of what it stands for is refused too.
/// </summary>
public sealed class BoundedYamlParser(string text, YamlLimits limits) : IParser
{
    private readonly Parser parser = new(new StringReader(text));
    private readonly Stack<Container> open = new();

    /// <summary>What an anchor stands for; null while that is still being read.</summary>
    private readonly Dictionary<string, Weight?> anchors = new(StringComparer.Ordinal);
    private long nodes, copied;

    public ParsingEvent? Current => parser.Current;

    /// <exception cref="YamlException">It is no YAML, or passes a limit; with the place.</exception>
    public bool MoveNext()
    {
        if (!parser.MoveNext()) return false;
        switch (parser.Current)
        {
            case DocumentStart:
                anchors.Clear();
                break;
            case AnchorAlias alias:
                Repeat(alias);
                break;
            case Scalar scalar:
                Take(scalar, new Weight(1, scalar.Value.Length, 0));
                break;
            case MappingStart or SequenceStart:
                Open((NodeEvent)parser.Current);
                break;
            case MappingEnd or SequenceEnd:
                Close();
                break;
        }
        return true;
    }

    private void Open(NodeEvent start)
    {
        if (open.Count >= limits.MaxDepth) throw At(start, TooDeep);
        Count(start, 1);
        if (!start.Anchor.IsEmpty) anchors[start.Anchor.Value] = null;
        open.Push(new Container(start.Anchor));
    }

    private void Close()
    {
        var closed = open.Pop();
        var weight = closed.Inside with { Nodes = closed.Inside.Nodes + 1, Height = closed.Inside.Height + 1 };
        if (!closed.Anchor.IsEmpty) anchors[closed.Anchor.Value] = weight;
        if (open.TryPeek(out var around)) around.Inside += weight;
    }

    private void Take(Scalar scalar, Weight weight)
    {
        Count(scalar, weight.Nodes);
        if (!scalar.Anchor.IsEmpty) anchors[scalar.Anchor.Value] = weight;
        if (open.TryPeek(out var around)) around.Inside += weight;
    }

    private void Repeat(AnchorAlias alias)
    {
        var name = alias.Value.Value;
        if (!anchors.TryGetValue(name, out var known)) throw At(alias, $"There is no anchor &{name} above.");
        if (known is not { } weight) throw At(alias, $"*{name} stands inside of what it stands for.");
        if (open.Count + weight.Height > limits.MaxDepth) throw At(alias, TooDeep);
        Count(alias, weight.Nodes);
        copied += weight.Characters;
        if (copied > limits.MaxCopied)
        {
            throw At(alias, $"Aliases repeat more than {limits.MaxCopied} characters of text.");
        }
        if (open.TryPeek(out var around)) around.Inside += weight;
    }

    private void Count(ParsingEvent at, long more)
    {
        nodes += more;
        if (nodes > limits.MaxNodes)
        {
            throw At(at, $"The file has more than {limits.MaxNodes} values, each alias counted as what it stands for.");
        }
    }

    private string TooDeep => $"It is nested more than {limits.MaxDepth} levels deep.";

    private static YamlException At(ParsingEvent at, string message) => new(at.Start, at.End, message);

    private sealed class Container(AnchorName anchor)
    {
        public AnchorName Anchor => anchor;

        public Weight Inside { get; set; }
    }

    /// <param name="Height">Levels of containers.</param>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Weight(long Nodes, long Characters, int Height)
    {
        public static Weight operator +(Weight one, Weight other) =>
            new(one.Nodes + other.Nodes, one.Characters + other.Characters, Math.Max(one.Height, other.Height));
    }
}
