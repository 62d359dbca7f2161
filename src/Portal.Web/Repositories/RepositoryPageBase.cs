using Microsoft.AspNetCore.Components;
using Portal.Core.Catalog;
using Portal.Core.Catalog.Repositories;
using Portal.Core.Entities;
using Portal.Web.Controls;
using Portal.Web.Shared;

namespace Portal.Web.Repositories;

/// <summary>What all pages of a repository have in common: the repository, the reference that is looked at.</summary>
public abstract class RepositoryPageBase : PortalPage
{
    /// <summary>Of what Git answers a page shows no more; the rest can be cloned.</summary>
    protected const int MostShown = 1 << 20;

    [Parameter] public required string Provider { get; set; }
    [Parameter] public required string Owner { get; set; }
    [Parameter] public required string Name { get; set; }
    [SupplyParameterFromQuery(Name = "ref")] public string? Reference { get; set; }

    [Inject] private BrowseRepository Repositories { get; set; } = default!;

    protected BrowsedRepository? Repository { get; private set; }

    /// <summary>Branch, tag or SHA.</summary>
    protected string At => string.IsNullOrEmpty(Reference) ? Repository!.Repository.DefaultBranch : Reference;

    protected IReadOnlyList<Crumb> Crumbs => Repository is null
        ? [new("Catalog", PortalUrls.Catalog)]
        : [new("Catalog", PortalUrls.Catalog), new(
            Repository.Name.ToString(), PortalUrls.RepositoryFolder(Provider, Repository.Name, "", Reference))];

    protected sealed override async Task LoadAsync()
    {
        Repository = OrProblem(await Repositories.OpenAsync(Provider, Owner, Name, Me, Closing));
        if (Repository is not null) await ShowAsync(Repository);
    }

    protected abstract Task ShowAsync(BrowsedRepository repository);
}
