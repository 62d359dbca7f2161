using System.Text.Json;

namespace Portal.Core.Environments;

/// <summary>
/// What an environment is for: one list for forms, the API and templates, so that what a rule says of a type holds
/// everywhere.
/// </summary>
public static class EnvironmentTypes
{
    public static readonly IReadOnlyList<string> All = ["dev", "test", "prod"];

    /// <summary>The type in the schema of an action's input.</summary>
    internal static string Schema { get; } =
        $$"""{ "type": "string", "enum": {{JsonSerializer.Serialize(All)}}, "title": "Type", "default": "dev" }""";
}
