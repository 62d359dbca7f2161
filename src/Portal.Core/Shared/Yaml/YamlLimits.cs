namespace Portal.Core.Shared;

/// <summary>
/// What a YAML text may cost. Aliases are counted as what they stand for, each time: ten lines can stand for billions
/// of values, or for one long text a million times.
/// </summary>
/// <param name="MaxBytes">Of the text, in UTF-8.</param>
/// <param name="MaxNodes">Values, keys and containers, of all documents together.</param>
/// <param name="MaxCopied">Characters that aliases repeat.</param>
/// <param name="MaxDepth">Containers in containers; less than what JSON is written and read with.</param>
public sealed record YamlLimits(int MaxBytes, int MaxNodes, int MaxCopied = 4_000_000, int MaxDepth = 60)
{
    /// <summary>Of every file that the portal reads, but for those that say otherwise.</summary>
    public static readonly YamlLimits Usual = new(MaxBytes: 5_000_000, MaxNodes: 500_000);

    /// <summary>The words for a text that is too large; null when it is not.</summary>
    public string? TooLarge(string text) =>
        text.Length > MaxBytes || System.Text.Encoding.UTF8.GetByteCount(text) > MaxBytes
            ? $"the file is larger than {MaxBytes / 1_000_000} MB"
            : null;
}
