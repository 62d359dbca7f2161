namespace Portal.Templating;

/// <summary>What reading an absent member of a root means: a typing mistake, or something to warn about.</summary>
/// <param name="Path">The object in the words of the template, such as <c>parameters</c>.</param>
/// <param name="Declared">The names that may be read although absent; null when any may.</param>
/// <param name="Warn">Whether reading an absent member raises a warning.</param>
internal sealed record MemberPolicy(string Path, IReadOnlySet<string>? Declared, bool Warn);
