namespace Portal.Web.Layout;

/// <summary>
/// Light, dark, or what the reader's system says; kept in a cookie, so that the first byte is right already.
/// </summary>
public static class ThemeCookie
{
    public const string System = "system";

    /// <param name="name">One for each installation.</param>
    public static string Of(HttpRequest request, string name) =>
        request.Cookies[name] is ("light" or "dark") and { } theme ? theme : System;
}
