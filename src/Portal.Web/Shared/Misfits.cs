using Portal.Core.Shared;

namespace Portal.Web.Shared;

/// <summary>The words for a value of an address that is not what is expected there.</summary>
internal static class Misfits
{
    private const int Longest = 100;

    /// <param name="value">As it came; a long one is not repeated.</param>
    /// <param name="name">Of the parameter.</param>
    /// <param name="type">The name of its type in code.</param>
    public static Error Describe(string? value, string name, string type)
    {
        var shown = value is { Length: <= Longest } ? $"'{value}'" : "That";
        return Error.Invalid("request-invalid", $"{shown} does not fit '{name}'{Expected(type)}");
    }

    private static string Expected(
        string type) => type.Replace("Nullable<", "", StringComparison.Ordinal).TrimEnd('>', '?', '[', ']') switch
    {
        "int" or "Int32" => $": give a whole number up to {int.MaxValue}.",
        "long" or "Int64" => ": give a whole number.",
        "bool" or "Boolean" => ": give true or false.",
        "Guid" => ": give an id such as 018f0000-0000-7000-8000-000000000001.",
        "Moment" => ": give a time such as 2026-11-25T10:00:00Z.",
        _ => ".",
    };
}
