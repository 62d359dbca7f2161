using System.Text.Json;
using System.Text.Json.Serialization;

namespace Portal.Providers.GitHub.Api;

/// <summary>Everything that goes over the wire, read and written without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ErrorBody))]
[JsonSerializable(typeof(AppInfo))]
[JsonSerializable(typeof(List<Installation>))]
[JsonSerializable(typeof(Installation))]
[JsonSerializable(typeof(InstallationTokenBody))]
[JsonSerializable(typeof(UserInfo))]
[JsonSerializable(typeof(RepositoryBody))]
[JsonSerializable(typeof(List<RepositoryBody>))]
[JsonSerializable(typeof(RepositoryList))]
[JsonSerializable(typeof(NewRepository))]
[JsonSerializable(typeof(ChangedRepository))]
[JsonSerializable(typeof(Topics))]
[JsonSerializable(typeof(PropertyValues))]
[JsonSerializable(typeof(NewBlob))]
[JsonSerializable(typeof(NewTree))]
[JsonSerializable(typeof(NewCommit))]
[JsonSerializable(typeof(NewReference))]
[JsonSerializable(typeof(ChangedReference))]
[JsonSerializable(typeof(GitObject))]
[JsonSerializable(typeof(GitTree))]
[JsonSerializable(typeof(GitCommitBody))]
[JsonSerializable(typeof(GitReference))]
[JsonSerializable(typeof(List<CommitBody>))]
[JsonSerializable(typeof(List<BranchBody>))]
[JsonSerializable(typeof(PullBody))]
[JsonSerializable(typeof(List<PullBody>))]
[JsonSerializable(typeof(NewPull))]
[JsonSerializable(typeof(ChangedPull))]
[JsonSerializable(typeof(ReviewerRequest))]
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
