namespace Portal.Core.Shared;

/// <summary>What went wrong, as far as a caller must tell cases apart. Mapped once to HTTP statuses.</summary>
public enum ErrorKind
{
    /// <summary>The input is wrong; 400.</summary>
    Invalid,
    /// <summary>The caller may not; 403.</summary>
    Forbidden,
    /// <summary>There is no such thing, or the caller may not know of it; 404.</summary>
    NotFound,
    /// <summary>The thing exists already or is in a state that does not allow this; 409.</summary>
    Conflict,
    /// <summary>Too large or too many; 413.</summary>
    TooLarge,
    /// <summary>The caller asks for more at once than one may have; 429.</summary>
    TooMany,
    /// <summary>Something outside does not answer or refuses; 502.</summary>
    Unavailable,
}

/// <summary>An expected failure. The message says what happened and what to change; it never holds a secret.</summary>
/// <param name="Kind">How a caller should treat it.</param>
/// <param name="Code">Stable, lower-case with dashes: for scripts, e.g. <c>name-taken</c>.</param>
/// <param name="Message">One or two plain sentences.</param>
public sealed record Error(ErrorKind Kind, string Code, string Message)
{
    /// <summary>The fields that are wrong, for forms and for problem details.</summary>
    public IReadOnlyList<FieldError> Fields { get; init; } = [];

    /// <summary>When it is worth to ask again; null = nobody can tell.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public static Error Invalid(string code, string message) => new(ErrorKind.Invalid, code, message);
    public static Error NotFound(string code, string message) => new(ErrorKind.NotFound, code, message);
    public static Error Conflict(string code, string message) => new(ErrorKind.Conflict, code, message);
    public static Error Forbidden(string code, string message) => new(ErrorKind.Forbidden, code, message);

    public override string ToString() => Fields.Count == 0
        ? Message
        : $"{Message} {string.Join(" ", Fields.Select(f => $"{f.Path}: {f.Message}"))}";
}

/// <summary>One wrong field. <paramref name="Path"/> is a JSON pointer into the values, e.g. <c>/name</c>.</summary>
public sealed record FieldError(string Path, string Message);
