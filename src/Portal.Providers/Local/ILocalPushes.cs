using Portal.Core.Providers;

namespace Portal.Providers.Local;

/// <summary>
/// Who starts pipelines for a push to a local repository. Called after the refs changed and before they are noted as
/// seen, so a crash in between calls again with the same <see cref="LocalPush.Id"/>.
/// </summary>
internal interface ILocalPushes
{
    Task PushedAsync(LocalPush push, CancellationToken cancellation);
}

/// <param name="Id">
/// The same for the same push however often it is told, different for every other push to this repository.
/// </param>
/// <param name="Push">
/// The branch or tag and its commits; <see cref="RepositoryPush.After"/> is null for one that was deleted.
/// </param>
/// <param name="IsTag">
/// <see cref="RepositoryPush.Branch"/> is the name of a tag, and the commits may be annotated tags.
/// </param>
internal sealed record LocalPush(string Id, RepositoryPush Push, bool IsTag = false);
