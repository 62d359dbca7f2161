namespace Portal.Web.Controls;

/// <param name="Value">As it stands in the URL.</param>
public sealed record FacetValue(string Value, string Text, int Count);
