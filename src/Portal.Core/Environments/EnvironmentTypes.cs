namespace Portal.Core.Environments;

/// <summary>What an environment is for, as forms and the API offer it. A template may name others.</summary>
public static class EnvironmentTypes
{
    public static readonly IReadOnlyList<string> All = ["dev", "test", "prod"];
}
