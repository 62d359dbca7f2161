using Portal.Core.Providers;
using Portal.Core.Shared;

namespace Portal.Providers.ActionBases;

/// <summary>The repository that an action is about, and who has it.</summary>
internal sealed record RepositoryTarget(IRepositoryHost Host, RepositoryName Name)
{
    public string Instance => Host.Instance;
}
