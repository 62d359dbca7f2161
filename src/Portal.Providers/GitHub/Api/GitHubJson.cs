using System.Text.Json;
using System.Text.Json.Serialization;

namespace Portal.Providers.GitHub.Api;

/// <summary>Everything that goes over the wire, read and written without reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ErrorBody))]
[JsonSerializable(typeof(List<InstallationBody>))]
[JsonSerializable(typeof(RepositoryBody))]
[JsonSerializable(typeof(List<RepositoryBody>))]
[JsonSerializable(typeof(RepositoryList))]
[JsonSerializable(typeof(NewRepository))]
[JsonSerializable(typeof(ChangedRepository))]
[JsonSerializable(typeof(PropertyValues))]
[JsonSerializable(typeof(NewTree))]
[JsonSerializable(typeof(NewCommit))]
[JsonSerializable(typeof(GitObject))]
[JsonSerializable(typeof(GitReference))]
[JsonSerializable(typeof(RunBody))]
[JsonSerializable(typeof(RunList))]
[JsonSerializable(typeof(JobList))]
[JsonSerializable(typeof(ArtifactList))]
[JsonSerializable(typeof(NewDispatch))]
[JsonSerializable(typeof(DispatchedRun))]
[JsonSerializable(typeof(List<JsonElement>))]
[JsonSerializable(typeof(Nothing))]
internal sealed partial class GitHubJson : JsonSerializerContext;

/// <summary>An empty body, where GitHub wants one.</summary>
internal sealed record Nothing;

internal sealed record ErrorBody(string? Message, List<JsonElement>? Errors);
