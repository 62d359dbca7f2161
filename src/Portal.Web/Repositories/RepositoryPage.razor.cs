using Microsoft.AspNetCore.Components;
using Portal.Core.Catalog;
using Portal.Core.Catalog.Repositories;
using Portal.Core.Entities;
using Portal.Core.Providers;
using Portal.Web.Shared;

namespace Portal.Web.Repositories;

/// <summary>A folder of a repository at a branch, tag or commit, with what its README says.</summary>
public sealed partial class RepositoryPage
{
    private static readonly string[] Readmes = ["README.md", "readme.md", "Readme.md"];
    private RepositoryFolder? folder;
    private IReadOnlyList<string> branches = [];
    private CatalogEntity? service;
    private Commit? latest;
    private string? readme;
    private bool isEmpty;

    [Parameter] public string Path { get; set; } = "";

    [Inject] private ReadCatalog Catalog { get; set; } = default!;

    protected override async Task ShowAsync(BrowsedRepository repository)
    {
        Path = (Path ?? "").Trim('/');
        (folder, readme, latest, branches) = (null, null, null, []);
        service = await Catalog.FindByNameAsync(repository.Provider, repository.Name, Me, Closing);
        isEmpty = repository.Repository.HeadCommit is null && string.IsNullOrEmpty(Reference);
        if (isEmpty) return;
        folder = OrProblem(await repository.FolderAsync(At, Path, Closing));
        if (folder is null) return;
        branches = await repository.BranchesAsync(Closing) is { IsOk: true } found ? found.Value : [];
        latest = await repository.HistoryAsync(At, 0, 1, Closing) is { IsOk: true, Value: [var newest, ..] }
            ? newest : null;
        if (folder.Entries.FirstOrDefault(e => Readmes.Contains(e.Name) && e.Size < MostShown) is { } text)
        {
            var read = await repository.FileAsync(At, Below(text.Name), Closing);
            readme = read.IsOk ? TextFiles.TextOf(read.Value) : null;
        }
    }

    private string Below(string name) => Path.Length == 0 ? name : $"{Path}/{name}";

    /// <summary>Of a submodule there is no page here, and a link in Git is a text that leads anywhere.</summary>
    private string? LinkOf(RepositoryEntry entry) => entry.Kind switch
    {
        _ when entry.Name.Any(char.IsControl) => null,
        RepositoryEntryKind.Folder =>
            PortalUrls.RepositoryFolder(Provider, Repository!.Name, Below(entry.Name), Reference),
        RepositoryEntryKind.Submodule => null,
        _ => PortalUrls.RepositoryFile(Provider, Repository!.Name, Below(entry.Name), Reference),
    };

    /// <summary>A whole SHA is more than anybody reads.</summary>
    private static string Shown(string reference) =>
        reference.Length == 40 && reference.All(char.IsAsciiHexDigitLower) ? EntityWords.Commit(reference) : reference;

    private static string IconOf(RepositoryEntryKind kind) => kind switch
    {
        RepositoryEntryKind.Folder => "folder",
        RepositoryEntryKind.Link => "link",
        RepositoryEntryKind.Submodule => "package",
        _ => "file",
    };

    private static string KindOf(RepositoryEntryKind kind) => kind switch
    {
        RepositoryEntryKind.Folder => "Folder",
        RepositoryEntryKind.Link => "Symbolic link",
        RepositoryEntryKind.Submodule => "Submodule",
        _ => "File",
    };
}
