using System.Text.Json.Nodes;
using Portal.Core.Providers;
using Portal.Core.Schema;

namespace Portal.Core.Environments;

/// <summary>What a request says of definition, size and parameters, held against what the host offers.</summary>
public static class EnvironmentDefinitions
{
    /// <param name="name">Null = the first.</param>
    /// <exception cref="ProviderException">There is none of that name.</exception>
    public static EnvironmentDefinition Find(IEnvironmentHost host, string? name)
    {
        if (name is null) return host.Definitions[0];
        return host.Definitions.FirstOrDefault(d => d.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            ?? throw ProviderException.Invalid(
                "definition-unknown",
                $"'{name}' is no environment definition of {host.Instance}. "
                + $"It has: {string.Join(", ", host.Definitions.Select(d => d.Name))}.");
    }

    /// <param name="name">Null = the smallest.</param>
    /// <exception cref="ProviderException">There is none of that name.</exception>
    public static EnvironmentSize Size(this EnvironmentDefinition definition, string? name)
    {
        if (name is null) return definition.Sizes[0];
        return definition.Sizes.FirstOrDefault(s => s.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            ?? throw ProviderException.Invalid(
                "size-unknown",
                $"'{name}' is no size of {definition.Title}. "
                + $"It has: {string.Join(", ", definition.Sizes.Select(s => s.Name))}.");
    }

    /// <exception cref="ProviderException">They are not what the definition declares.</exception>
    public static JsonObject? Parameters(EnvironmentDefinition definition, JsonObject? given)
    {
        var wrong = JsonSchema.Parse((JsonObject)definition.Parameters.DeepClone()).Validate(given ?? []);
        if (wrong.Count == 0) return (JsonObject?)given?.DeepClone();
        var words = string.Join(" ", wrong.Select(w => $"{w.FieldPath} {w.Message}."));
        throw ProviderException.Invalid("parameters-invalid", $"The parameters of {definition.Title}: {words}");
    }
}
