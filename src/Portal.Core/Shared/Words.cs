namespace Portal.Core.Shared;

/// <summary>What people wrote, inside of a sentence of ours.</summary>
public static class Words
{
    /// <summary>
    /// A text that a message repeats is cut: nobody reads more, and a message is stored and sent often.
    /// </summary>
    public static string Short(string text, int most = 100) =>
        text.Length <= most ? text : $"{text[..(char.IsHighSurrogate(text[most - 1]) ? most - 1 : most)]}…";
}
