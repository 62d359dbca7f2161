namespace Portal.Core.Schema;

/// <summary>One broken rule.</summary>
/// <param name="InstancePath">The value that breaks it, as an RFC 6901 JSON pointer; empty for the whole value.</param>
/// <param name="SchemaPath">The keyword's place in the schema, as a JSON pointer.</param>
/// <param name="Keyword">The keyword, for example <c>minLength</c>.</param>
/// <param name="Message">Plain words without a subject: "must be at least 3 characters". Never quotes the value, which
/// may be a secret.</param>
public sealed record SchemaError(string InstancePath, string SchemaPath, string Keyword, string Message)
{
    /// <summary>
    /// The name that is missing (<c>required</c>) or too many (<c>additionalProperties</c>); null for other keywords.
    /// </summary>
    public string? Property { get; init; }

    /// <summary>
    /// True when the words come from the schema's own <c>errorMessage</c> and stand alone as a sentence.
    /// </summary>
    public bool IsCustom { get; init; }

    /// <summary>
    /// The path a form shows the error at: <see cref="InstancePath"/>, and below it <see cref="Property"/> where there
    /// is one.
    /// </summary>
    public string FieldPath => Property is null ? InstancePath : JsonPointer.Append(InstancePath, Property);
}

/// <summary>
/// A remark on a place in a schema: a keyword that is not supported, or one that cannot be understood.
/// </summary>
/// <param name="SchemaPath">The place, as a JSON pointer.</param>
/// <param name="Keyword">The keyword there.</param>
/// <param name="Message">What is the matter and what to change.</param>
public sealed record SchemaNote(string SchemaPath, string Keyword, string Message);

/// <summary>How a schema is read where the drafts differ.</summary>
public enum SchemaDialect
{
    /// <summary>
    /// Draft-07 and the later keywords together; constraints beside a <c>$ref</c> hold (as in the validator of a
    /// Backstage form).
    /// </summary>
    Forms,

    /// <summary>Draft-07 to the letter: whatever stands beside a <c>$ref</c> is ignored.</summary>
    Draft7,

    /// <summary>2019-09 and 2020-12.</summary>
    Draft2020,
}
