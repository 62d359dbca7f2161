namespace Portal.Web.Shared;

/// <summary>
/// A value of an enumeration in a query string, written as answers write it. The framework alone would want its
/// capitals.
/// </summary>
internal readonly record struct Word<T>(T Value) where T : struct, Enum
{
    public static bool TryParse(string? text, out Word<T> word)
    {
        // Numbers are no names, though the framework takes them.
        var known = Enum.TryParse(text, ignoreCase: true, out T value) && Enum.IsDefined(value)
            && !char.IsAsciiDigit(text![0]);
        word = new Word<T>(value);
        return known;
    }
}
