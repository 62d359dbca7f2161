namespace Portal.Templating;

/// <summary>The longest text that a conversion may make. A render is synchronous, so its limit belongs to its thread.</summary>
internal static class TextLimit
{
    private const int Default = 64 * 1024 * 1024;

    [ThreadStatic]
    private static int current;

    public static int Current => current == 0 ? Default : current;

    /// <summary>Sets the limit of this thread and gives back the one before, to be set again.</summary>
    public static int Exchange(int limit)
    {
        var before = current;
        current = limit;
        return before;
    }

    public static void Check(long length)
    {
        if (length > Current)
        {
            throw new TemplateLimitException($"A text grew beyond {Current:N0} characters.");
        }
    }
}
