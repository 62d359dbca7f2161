using Portal.Core.Shared;

namespace Portal.Core.GoldenPaths.Templates;

public static class TemplateErrors
{
    public static Error NotFound(EntityRef reference) =>
        Error.NotFound("template-not-found", $"There is no template {reference}. Look it up under Create.");

    public static Error Changed(EntityRef reference) =>
        Error.Conflict(
            "template-changed",
            $"The version of {reference} that was reviewed is not here any more. Review it again; your values are kept.");

    public static Error Unreadable(EntityRef reference, IReadOnlyList<TemplateNote> errors) =>
        Error.Invalid(
            "template-invalid", $"The template {reference} cannot be used: {string.Join(" ", errors.Take(3))}");
}
