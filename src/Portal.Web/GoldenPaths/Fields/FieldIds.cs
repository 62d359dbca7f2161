namespace Portal.Web.GoldenPaths.Fields;

/// <summary>Ids of elements, made of the places of values.</summary>
internal static class FieldIds
{
    public static string Of(string path) =>
        "field" + string.Concat(path.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-'));
}
