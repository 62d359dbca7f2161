using System.Collections;
using Portal.Core.Shared;

namespace Portal.Core.GoldenPaths.Forms;

/// <summary>One wrong field.</summary>
/// <param name="Page">Index of the page that shows it.</param>
/// <param name="Path">JSON pointer into the values; empty for the page as a whole.</param>
/// <param name="Keyword">The rule that is broken, for example <c>required</c>.</param>
/// <param name="Message">A sentence that names the field by its title. Never quotes the value.</param>
public sealed record FormError(int Page, string Path, string Keyword, string Message);

/// <summary>What is wrong with the values of a form; empty when they can be submitted.</summary>
public sealed class FormErrors(IReadOnlyList<FormError> errors) : IReadOnlyList<FormError>
{
    public static readonly FormErrors None = new([]);

    public bool IsValid => errors.Count == 0;

    public int Count => errors.Count;

    public FormError this[int index] => errors[index];

    public IReadOnlyList<FormError> OnPage(int page) => [.. errors.Where(error => error.Page == page)];

    /// <summary>The messages to show beside one field.</summary>
    public IReadOnlyList<string> At(string path) =>
        [.. errors.Where(error => error.Path == path).Select(error => error.Message)];

    public IReadOnlyList<FieldError> ToFieldErrors() =>
        [.. errors.Select(error => new FieldError(error.Path, error.Message))];

    public IEnumerator<FormError> GetEnumerator() => errors.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
