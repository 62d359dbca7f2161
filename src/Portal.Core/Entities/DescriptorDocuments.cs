using System.Text.Json.Nodes;
using Portal.Core.Shared;

namespace Portal.Core.Entities;

/// <summary>
/// Reads each document of a descriptor file by itself: one that is wrong does not hide the others. What all of them
/// may cost together is bounded; what is wrong counts as the dearest.
/// </summary>
public static class DescriptorDocuments
{
    /// <summary>Nobody reads more of them at once.</summary>
    public const int MostErrors = 50;

    /// <summary>Values and containers of one entity, its aliases written out.</summary>
    private const int MaxNodes = 10_000;
    private const int MaxNodesOfFile = MaxNodes * MostErrors;
    private const int MaxCopied = 200_000;

    /// <returns>Of each document its entity, or what to change with file and line; empty ones are left out.</returns>
    public static IReadOnlyList<Result<Descriptor>> Read(string text, string file)
    {
        if (DescriptorLimits.File.TooLarge(text) is not null)
        {
            return [new Error(
                ErrorKind.TooLarge, "descriptor-too-large",
                $"{file} is larger than {DescriptorLimits.MaxFile / 1_000_000} MB. Split it into several files.")];
        }
        var (read, seen, left) = (new List<Result<Descriptor>>(), new HashSet<EntityRef>(), MaxNodesOfFile);
        foreach (var (line, document) in Split(text))
        {
            if (left <= 0 || read.Count == DescriptorLimits.MaxEntities)
            {
                read.Add(Error.Invalid(
                    "descriptor-too-large",
                    $"{file}, from line {line + 1} on is not read: there is too much in it, or too much of it is wrong."));
                break;
            }
            if (Parse(document, line, file, seen) is not { } one) continue;
            left -= one.IsOk ? Nodes(one.Value.Json) : MaxNodes;
            read.Add(one);
        }
        return read;
    }

    /// <summary>
    /// A line that begins with three dashes begins a document, whatever stands before it; with the lines above it.
    /// </summary>
    private static IEnumerable<(int Line, string Text)> Split(string text)
    {
        var (start, line, first) = (0, 0, 0);
        for (var at = 0; at <= text.Length;)
        {
            var end = text.IndexOf('\n', at) is var found and >= 0 ? found + 1 : text.Length;
            if (at > start && IsMarker(text.AsSpan(at, end - at)))
            {
                yield return (first, text[start..at]);
                (start, first) = (at, line);
            }
            if (end == text.Length) break;
            (at, line) = (end, line + 1);
        }
        if (start < text.Length) yield return (first, text[start..]);
    }

    private static bool IsMarker(ReadOnlySpan<char> line) =>
        line.StartsWith("---", StringComparison.Ordinal) && (line.Length == 3 || char.IsWhiteSpace(line[3]));

    private static Result<Descriptor>? Parse(string text, int above, string file, HashSet<EntityRef> seen)
    {
        try
        {
            var limits = new YamlLimits(DescriptorLimits.MaxFile, MaxNodes, MaxCopied);
            foreach (var document in Yaml.Read(text, limits))
            {
                if (document.Root is null) continue;
                var parsed = Descriptor.Parse(document, above);
                if (parsed.Error is { } wrong) return wrong with { Message = $"{file}, {wrong.Message}" };
                return seen.Add(parsed.Value.Ref) ? parsed : Error.Invalid(
                    "descriptor-invalid",
                    $"{file}, line {above + document.LineOf("/metadata/name")}: {parsed.Value.Ref} is described above already.");
            }
            return null;
        }
        catch (YamlFormatException e)
        {
            return Error.Invalid("descriptor-invalid", $"{file}, line {above + e.Line}: {e.Message}");
        }
    }

    private static int Nodes(JsonNode? node) => node switch
    {
        JsonObject members => 1 + members.Sum(m => 1 + Nodes(m.Value)),
        JsonArray items => 1 + items.Sum(Nodes),
        _ => 1,
    };
}
