using System.Security.Claims;

namespace Portal.Core.Providers;

/// <summary>What a provider that serves Git itself asks before it lets somebody in.</summary>
public interface IGitAccess
{
    Task<bool> MayReadAsync(ClaimsPrincipal person, Repository repository, CancellationToken cancellation);

    Task<bool> MayPushAsync(ClaimsPrincipal person, Repository repository, CancellationToken cancellation);
}
