namespace Portal.Web.Layout;

/// <summary>One colour of the theme, as <c>#rrggbb</c>.</summary>
internal sealed record ThemeColour(string Light, string Dark);
