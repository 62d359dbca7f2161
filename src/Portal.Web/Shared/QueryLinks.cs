using Microsoft.AspNetCore.Components;

namespace Portal.Web.Shared;

/// <summary>
/// Links to the page that is shown with other values in its query: filters, sorts and tabs live in the URL.
/// </summary>
public static class QueryLinks
{
    /// <summary>
    /// The present address with these query values; null takes one out. Goes back to the first page of a list.
    /// </summary>
    public static string With(this NavigationManager navigation, string name, string? value) =>
        Relative(
            navigation, navigation.GetUriWithQueryParameters(new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["page"] = null,
                [name] = value,
            }));

    /// <summary>The same with one value more or less of a name that may be there several times.</summary>
    public static string Toggled(this NavigationManager navigation, string name, string value)
    {
        var values = navigation.QueryValues(name).ToList();
        if (!values.Remove(value)) values.Add(value);
        return Relative(
            navigation, navigation.GetUriWithQueryParameters(new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["page"] = null,
                [name] = values.Count == 0 ? null : values.ToArray(),
            }));
    }

    public static IReadOnlyList<string> QueryValues(this NavigationManager navigation, string name)
    {
        var query =
            Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(navigation.ToAbsoluteUri(navigation.Uri).Query);
        return query.TryGetValue(name, out var values) ? [.. values.OfType<string>()] : [];
    }

    public static string? QueryValue(this NavigationManager navigation, string name) =>
        navigation.QueryValues(name) is [var first, ..] ? first : null;

    private static string Relative(NavigationManager navigation, string uri) =>
        new Uri(navigation.ToAbsoluteUri(uri).AbsoluteUri).PathAndQuery;
}
