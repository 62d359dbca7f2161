using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.Core.Shared.Files;
using Portal.Providers.Local;
using Portal.Providers.Local.Repositories;
using Portal.TestKit.Conformance;

namespace Portal.Providers.Tests.Local.Repositories;

public sealed class LocalCatalogSourceConformanceTests(
    LocalPortal portal) : CatalogSourceConformance, IClassFixture<LocalPortal>
{
    protected override ICatalogSource Source =>
        portal.Services.GetServices<IProvider>().OfType<ICatalogSource>().Single();

    protected override int ManyRepositories => 12;

    protected override async Task AddAsync(RepositoryName name, params (string Path, byte[] Content)[] files)
    {
        var tree = new FileTree(files.Select(
            f => new TreeFile(f.Path, f.Content)).DefaultIfEmpty(new TreeFile("README.md", Bytes("gone"))));
        await portal.Repositories.CreateAsync(
            new CreateRepository(
                name, "Found", "main", tree, "First", new CommitAuthor(
                    "Ada", "ada@example.test", DateTimeOffset.UnixEpoch), "run-1", "group:default/shop"),
            Cancellation);
        // The portal makes none without a commit; who pushes can take its branch away.
        if (files.Length == 0)
        {
            await GitCommand.RunAsync(Folder(name), ["update-ref", "-d", "refs/heads/main"], null, Cancellation);
        }
    }

    protected override async Task PushAsync(RepositoryName name, string path, string text)
    {
        using var git = new GitClient(portal);
        var clone = Path.Combine(git.Folder, "clone");
        await git.RunAsync("clone", "--quiet", git.Address($"{name}.git"), clone);
        await git.CommitAsync(clone, path, text, "A change");
        await git.RunAsync("-C", clone, "push", "--quiet", "origin", "HEAD");
    }

    protected override Task SpoilAsync(RepositoryName name)
    {
        Directory.Delete(Path.Combine(Folder(name), "objects"), recursive: true);
        return Task.CompletedTask;
    }

    protected override Task DeleteAsync(RepositoryName name) => portal.Repositories.DeleteAsync(name, Cancellation);

    protected override Task<bool> DescribeAsync(RepositoryName name, string description)
    {
        var note = Path.Combine(Folder(name), "portal.json");
        File.WriteAllText(note, File.ReadAllText(note).Replace("Found", description, StringComparison.Ordinal));
        return Task.FromResult(true);
    }

    /// <summary>Files of this machine are neither down nor silent, and the portal's own.</summary>
    protected override bool Fail(HostFailure failure) => false;

    protected override void Mend()
    {
    }

    [Theory]
    [InlineData("portal.json")]
    [InlineData("HEAD")]
    public async Task Discover_FileOfOneCannotBeRead_TellsSoAndAllOthers(string file)
    {
        var (good, bad) = (NewName(), NewName());
        await AddAsync(good, ("catalog-info.yaml", Bytes("a: 1\n")));
        await AddAsync(bad, ("catalog-info.yaml", Bytes("a: 1\n")));
        File.Delete(Path.Combine(Folder(bad), file));
        // What cannot be opened, also by who may everything.
        Directory.CreateDirectory(Path.Combine(Folder(bad), file));
        var found = await DiscoverAsync();
        Assert.Equal("a: 1\n", found.Single(f => f.Name == good).Descriptor);
        Assert.NotEmpty(found.Single(f => f.Name == bad).Problem!);
        Assert.NotEmpty((await Source.ReadAsync(bad, Cancellation))!.Problem!);
        await DeleteAsync(bad);
    }

    private string Folder(RepositoryName name) => portal.Services.GetRequiredService<LocalFolders>().Repository(name);
}
