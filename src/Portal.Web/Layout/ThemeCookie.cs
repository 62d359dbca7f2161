namespace Portal.Web.Layout;

/// <summary>
/// Light, dark, or what the reader's system says; kept in a cookie, so that the first byte is right already.
/// </summary>
public static class ThemeCookie
{
    public const string Name = "portal-theme";
    public const string System = "system";

    public static string Of(HttpRequest request) =>
        request.Cookies[Name] is ("light" or "dark") and { } theme ? theme : System;
}
