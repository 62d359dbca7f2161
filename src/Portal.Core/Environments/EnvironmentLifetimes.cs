using Portal.Core.Providers;
using Portal.Core.Shared;

namespace Portal.Core.Environments;

/// <summary>
/// How long an environment may be asked for: one rule for forms, the API and templates. No lifetime = no end.
/// </summary>
public static class EnvironmentLifetimes
{
    public static readonly TimeSpan Least = TimeSpan.FromMinutes(1);
    public static readonly TimeSpan Most = TimeSpan.FromDays(365);

    public static string Rule { get; } = $"Choose between one minute and {Most.TotalDays:0} days.";

    public static bool Allows(TimeSpan lifetime) => lifetime >= Least && lifetime <= Most;

    /// <summary>As an action's input has it. Whether it may be so long is for the rules to say.</summary>
    /// <exception cref="ProviderException">It is none.</exception>
    internal static TimeSpan? Parse(string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) return null;
        return Durations.TryParse(text, out var span)
            ? span
            : throw ProviderException.Invalid(
                "lifetime-invalid", $"'{text}' is no lifetime. Write {Durations.Examples}.");
    }
}
