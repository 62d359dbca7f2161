using Portal.Core.Providers;
using Portal.Core.Shared;

namespace Portal.Providers.Local.Sharing;

/// <summary>A <see cref="ProviderException"/> as it crosses the socket.</summary>
internal sealed record SharedError(Error Error, bool IsTransient, bool MayHaveHappened)
{
    public static SharedError Of(ProviderException e) => new(e.Error, e.IsTransient, e.MayHaveHappened);

    public ProviderException ToException() =>
        new(Error) { IsTransient = IsTransient, MayHaveHappened = MayHaveHappened };
}
