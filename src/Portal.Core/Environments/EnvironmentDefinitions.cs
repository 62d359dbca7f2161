using Portal.Core.Providers;

namespace Portal.Core.Environments;

/// <summary>
/// Which of the definitions and sizes that a host offers is meant: one answer for forms, the API and steps.
/// </summary>
public static class EnvironmentDefinitions
{
    /// <param name="name">Null = the first.</param>
    /// <returns>Null where there is none of that name.</returns>
    public static EnvironmentDefinition? Find(IReadOnlyList<EnvironmentDefinition> offered, string? name) =>
        name is null
            ? offered[0]
            : offered.FirstOrDefault(d => d.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <param name="name">Null = the smallest.</param>
    /// <returns>Null where there is none of that name.</returns>
    public static EnvironmentSize? Find(this EnvironmentDefinition definition, string? name) =>
        name is null
            ? definition.Sizes[0]
            : definition.Sizes.FirstOrDefault(s => s.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>Of a host that may have changed since it was asked.</summary>
    /// <exception cref="ProviderException">It has none of that name any more.</exception>
    public static EnvironmentDefinition Get(IEnvironmentHost host, string? name) =>
        Find(host.Definitions, name) ?? throw ProviderException.Invalid(
            "definition-unknown",
            $"'{name}' is no environment definition of {host.Instance}. "
            + $"It has: {string.Join(", ", host.Definitions.Select(d => d.Name))}.");

    /// <exception cref="ProviderException">There is none of that name any more.</exception>
    public static EnvironmentSize Get(this EnvironmentDefinition definition, string? name) =>
        definition.Find(name) ?? throw ProviderException.Invalid(
            "size-unknown",
            $"'{name}' is no size of {definition.Title}. "
            + $"It has: {string.Join(", ", definition.Sizes.Select(s => s.Name))}.");
}
