namespace Portal.Web.Controls;

public enum LogLevelKind { Normal, Warning, Error, Heading }

/// <param name="Text">May carry ANSI colours; anything else is shown as it is.</param>
/// <param name="At">In front of it, when the view shows times.</param>
public sealed record LogLine(string Text, LogLevelKind Kind = LogLevelKind.Normal, DateTimeOffset? At = null);
