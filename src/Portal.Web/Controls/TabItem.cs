namespace Portal.Web.Controls;

/// <param name="Value">As it stands in the URL; the first tab's need not.</param>
/// <param name="Count">Beside the name; null = none.</param>
public sealed record TabItem(string Value, string Text, int? Count = null);
