using System.Text.Json.Serialization;
using Portal.Core.Shared;

namespace Portal.Providers.ActionBases;

/// <param name="Provider">The instance.</param>
internal abstract record SettingArgs(string Provider, RepositoryName Repository)
{
    /// <summary>The step made the repository just before: undoing that takes the setting away.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsNewRepository { get; init; }
}

/// <summary>There is nothing to tell about it.</summary>
internal sealed record SettingApplied;
