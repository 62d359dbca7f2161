using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Components;

namespace Portal.Web.Shared;

public sealed partial class TitledText
{
    [Parameter, EditorRequired] public required string Text { get; set; }

    [GeneratedRegex(
        @"\b(?<entity>(user|group|component|api|resource|system|domain|template):[\w.-]+/[\w-]+(\.[\w-]+)*)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Reference();
}
