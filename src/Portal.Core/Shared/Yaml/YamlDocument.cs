using System.Runtime.InteropServices;
using System.Text.Json.Nodes;

namespace Portal.Core.Shared;

/// <summary>One document of a YAML file as JSON, with the place of each value.</summary>
public sealed class YamlDocument
{
    private readonly YamlPlaces places;

    internal YamlDocument(JsonNode? root, YamlPlaces places) => (Root, this.places) = (root, places);

    public JsonNode? Root { get; }

    /// <summary>Where it stands in the text, without the <c>---</c> before it.</summary>
    public YamlExtent Extent { get; init; }

    /// <summary>Line, from 1, of the value at a JSON pointer, or of the nearest part above it.</summary>
    public int LineOf(string pointer) => PlaceOf(pointer).Line;

    /// <summary>
    /// Where the value that a JSON pointer names stands; the nearest known one above it when it has no place of its
    /// own.
    /// </summary>
    public YamlPlace PlaceOf(string pointer) => places.Find(pointer);
}

/// <param name="Start">From 0, in characters of the text without a byte order mark.</param>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct YamlExtent(int Start, int Length);

/// <param name="Line">From 1.</param>
/// <param name="Column">From 1; of the first character of the text for quoted scalars.</param>
/// <param name="IsBlock">A scalar written with <c>|</c> or <c>&gt;</c>: its text starts on the next line.</param>
/// <param name="Indent">Of the text of such a scalar, in columns.</param>
public readonly record struct YamlPlace(int Line, int Column, bool IsBlock = false, int Indent = 0)
{
    /// <summary>The place in the file of a place in the scalar's text.</summary>
    public (int Line, int Column) Of(int line, int column) => this switch
    {
        { IsBlock: true } => (Line + line, Indent + column),
        _ when line <= 1 => (Line, Column + Math.Max(0, column - 1)),
        _ => (Line + line - 1, column),
    };
}

/// <summary>Text that is no YAML, or YAML that cannot be JSON.</summary>
public sealed class YamlFormatException(string message, int line, int column) : Exception(message)
{
    /// <summary>From 1.</summary>
    public int Line { get; } = line;

    /// <summary>From 1.</summary>
    public int Column { get; } = column;
}
