using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Components;

namespace Portal.Web.GoldenPaths.Runs;

/// <summary>A sentence whose addresses of the portal's own pages can be followed.</summary>
public sealed partial class LinkedText
{
    [Parameter, EditorRequired] public required string Text { get; set; }

    /// <summary>The text in order; what begins with a slash is an address.</summary>
    internal static IReadOnlyList<string> Parts(string text) => [.. Address().Split(text).Where(p => p.Length > 0)];

    /// <summary>Only at the start of a word, so that no part of another address is taken for one.</summary>
    [GeneratedRegex(@"(?<=^|[\s(])(/(?:pipelines|runs|environments|catalog)/[A-Za-z0-9][A-Za-z0-9/_-]*)")]
    private static partial Regex Address();
}
