using System.Text.Json.Nodes;
using Portal.Core.Providers;

namespace Portal.Providers.Azure.Definitions;

/// <summary>
/// An environment definition: the folder of an <c>environment.yaml</c> with its ARM template and its price sheet.
/// </summary>
/// <param name="Name">The folder's name.</param>
/// <param name="Parameters">JSON Schema of what a person may set.</param>
/// <param name="Template">The ARM template.</param>
internal sealed record DefinitionFile(
    string Name, string Title, string Description, string? Version, IReadOnlyList<EnvironmentSize> Sizes,
    JsonObject Parameters, JsonObject Template)
{
    /// <summary>Names of the template's parameters.</summary>
    public IReadOnlySet<string> Declared { get; } = (Template["parameters"] as JsonObject ?? []).Select(p => p.Key)
        .ToHashSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>It takes an image, and so runs what a pipeline built.</summary>
    public bool RunsVersion => Declared.Contains(PortalParameters.Image);

    public EnvironmentSize Size(string name) =>
        Sizes.FirstOrDefault(s => s.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
        ?? throw ProviderException.Invalid(
            "size-unknown", $"There is no size '{name}' of {Name}: choose "
                + $"{string.Join(", ", Sizes.Select(s => s.Name))}.");
}

/// <summary>A file of a definition is wrong: the message names it and the line.</summary>
internal sealed class DefinitionException(string file, int line, string message) : Exception(
    $"{file} line {line}: {message}");
