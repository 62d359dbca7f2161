namespace Portal.Core.Environments;

/// <summary>Why an environment is wanted, in its person's words: one rule for forms, the API and templates.</summary>
public static class EnvironmentReasons
{
    public const int Longest = 500;

    /// <summary>The reason in the schema of an action's input.</summary>
    internal static string Schema { get; } =
        $$"""{ "type": "string", "maxLength": {{Longest}}, "title": "Reason" }""";

    internal static string Rule { get; } = $"Use {Longest} characters at most.";
}
