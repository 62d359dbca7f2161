namespace Portal.Web.Controls;

/// <summary>A page above the present one.</summary>
public sealed record Crumb(string Text, string Url);
