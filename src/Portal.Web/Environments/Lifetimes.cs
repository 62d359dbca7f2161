using Portal.Core.Shared;

namespace Portal.Web.Environments;

/// <summary>A lifetime that may be missing.</summary>
internal readonly record struct Lifetimes(TimeSpan? Value)
{
    public static Result<Lifetimes> Read(string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) return new Lifetimes(null);
        return Durations.TryParse(text, out var span)
            ? new Lifetimes(span)
            : Error.Invalid("lifetime-invalid", $"Write the lifetime as {Durations.Examples}.");
    }
}
