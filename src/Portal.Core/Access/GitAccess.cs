using System.Security.Claims;
using Portal.Core.Providers;
using Portal.Core.Shared;

namespace Portal.Core.Access;

/// <summary>Who may clone and push: asked by providers that serve Git themselves.</summary>
internal sealed class GitAccess(People people, Authorise authorise) : IGitAccess
{
    public Task<bool> MayReadAsync(ClaimsPrincipal person, Repository repository, CancellationToken cancellation) =>
        MayAsync(person, Permissions.RepositoryRead, repository, cancellation);

    public Task<bool> MayPushAsync(ClaimsPrincipal person, Repository repository, CancellationToken cancellation) =>
        MayAsync(person, Permissions.RepositoryPush, repository, cancellation);

    private async Task<bool> MayAsync(
        ClaimsPrincipal person, string permission, Repository repository, CancellationToken cancellation)
    {
        var owner = EntityRef.Owner(repository.Owner);
        return await authorise.MayAsync(
            await people.PersonAsync(person, cancellation), permission, owner, cancellation);
    }
}
