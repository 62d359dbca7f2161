using Portal.Core.Providers;
using Portal.Core.Shared;

namespace Portal.TestKit.Conformance;

/// <summary>
/// What every <see cref="ICatalogSource"/> keeps. An adapter inherits it, gives its source and the repositories, and
/// passes.
/// </summary>
public abstract class CatalogSourceConformance : FailingHostConformance
{
    private const string Descriptor =
        "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: { name: bücher-🚀 }\nspec: { type: service }\n";

    protected abstract ICatalogSource Source { get; }

    /// <summary>More repositories than the host tells in one answer; a host that tells all at once: a few.</summary>
    protected abstract int ManyRepositories { get; }

    /// <summary>A repository with these files on its branch <c>main</c>; without files one without a commit.</summary>
    protected abstract Task AddAsync(RepositoryName name, params (string Path, byte[] Content)[] files);

    /// <summary>Somebody pushes a change of one file.</summary>
    protected abstract Task PushAsync(RepositoryName name, string path, string text);

    /// <summary>It becomes one whose content cannot be read, for good; the others are well.</summary>
    protected abstract Task SpoilAsync(RepositoryName name);

    protected abstract Task DeleteAsync(RepositoryName name);

    /// <summary>Somebody changes what stands beside its name, and pushes nothing.</summary>
    /// <returns>False where a host has none that can be changed.</returns>
    protected abstract Task<bool> DescribeAsync(RepositoryName name, string description);

    protected static RepositoryName NewName() => new("shop", $"Found.{Guid.NewGuid():N}"[..20]);

    protected override async Task<IReadOnlyList<Func<CancellationToken, Task>>> CallsAsync()
    {
        var name = NewName();
        await AddAsync(name, ("catalog-info.yaml", Bytes(Descriptor)));
        return
        [
            cancellation => Source.ReadAsync(name, cancellation),
            async cancellation =>
            {
                await foreach (var found in Source.DiscoverAsync(cancellation)) Assert.NotNull(found);
            },
        ];
    }

    [Theory]
    [InlineData("catalog-info.yaml")]
    [InlineData("catalog-info.yml")]
    public async Task Read_RepositoryWithDescriptor_TellsItsTextPlaceAndCommit(string path)
    {
        var name = NewName();
        await AddAsync(
            name, (path, Bytes(Descriptor)), ("README.md", Bytes("Hello")), ("docs/catalog-info.yaml", Bytes("no")));

        var found = (await Source.ReadAsync(name, Cancellation))!;

        Assert.Equal(
            (name, "main", path, Descriptor, null, null, false),
            (
                found.Name, found.DefaultBranch, found.DescriptorPath, found.Descriptor, found.ProposedOwner,
                found.Problem, found.IsArchived));
        Assert.Matches("^[0-9a-f]{40}$", found.HeadCommit);
        Assert.StartsWith("http", found.WebUrl, StringComparison.Ordinal);
        Assert.Equal(found, (await DiscoverAsync()).Single(f => f.Name == name));
    }

    [Fact]
    public async Task Read_BothPlaces_IsTheFirst()
    {
        var name = NewName();
        await AddAsync(name, ("catalog-info.yml", Bytes("no")), ("catalog-info.yaml", Bytes(Descriptor)));
        Assert.Equal(("catalog-info.yaml", Descriptor), Of((await Source.ReadAsync(name, Cancellation))!));
    }

    [Fact]
    public async Task Read_ByteOrderMarkAndForeignBytes_IsText()
    {
        var (marked, foreign) = (NewName(), NewName());
        await AddAsync(marked, ("catalog-info.yaml", [0xEF, 0xBB, 0xBF, .. Bytes(Descriptor)]));
        await AddAsync(foreign, ("catalog-info.yaml", [.. "a: "u8, 0xFF, 0xFE, .. "\n"u8]));
        Assert.Equal(Descriptor, (await Source.ReadAsync(marked, Cancellation))!.Descriptor);
        Assert.Equal("a: \uFFFD\uFFFD\n", (await Source.ReadAsync(foreign, Cancellation))!.Descriptor);
    }

    [Fact]
    public async Task Read_NamesThatAreLikeADescriptors_AreNone()
    {
        var (cased, folder, empty) = (NewName(), NewName(), NewName());
        await AddAsync(cased, ("Catalog-Info.yaml", Bytes("no")), ("catalog-info.yaml.bak", Bytes("no")));
        await AddAsync(folder, ("catalog-info.yaml/README.md", Bytes("no")));
        await AddAsync(empty, ("catalog-info.yaml", []));
        Assert.Equal((null, null), Of((await Source.ReadAsync(cased, Cancellation))!));
        Assert.Equal((null, null), Of((await Source.ReadAsync(folder, Cancellation))!));
        Assert.Equal(("catalog-info.yaml", ""), Of((await Source.ReadAsync(empty, Cancellation))!));
    }

    [Fact]
    public async Task Read_EmptyRepository_HasNoCommit()
    {
        var name = NewName();
        await AddAsync(name);
        var found = (await Source.ReadAsync(name, Cancellation))!;
        Assert.Equal(
            (null, null, null, null), (found.HeadCommit, found.DescriptorPath, found.Descriptor, found.Problem));
        Assert.Contains(found, await DiscoverAsync());
    }

    [Fact]
    public async Task Read_DescriptorTooLarge_IsAProblemOfThisRepository()
    {
        var name = NewName();
        await AddAsync(name, ("catalog-info.yaml", new byte[10 * 1024 * 1024 + 1]));
        var found = (await Source.ReadAsync(name, Cancellation))!;
        Assert.Equal((name, null), (found.Name, found.Descriptor));
        Assert.NotEmpty(found.Problem!);
    }

    [Fact]
    public async Task Read_WhatIsNotThere_IsNull()
    {
        var name = NewName();
        Assert.Null(await Source.ReadAsync(name, Cancellation));
        await AddAsync(name, ("README.md", Bytes("Hello")));
        Assert.NotNull(await Source.ReadAsync(name, Cancellation));
        await DeleteAsync(name);
        Assert.Null(await Source.ReadAsync(name, Cancellation));
        Assert.DoesNotContain(await DiscoverAsync(), f => f.Name == name);
    }

    [Fact]
    public async Task Discover_OneCannotBeRead_TellsSoAndAllOthers()
    {
        RepositoryName[] names = [NewName(), NewName(), NewName()];
        foreach (var name in names) await AddAsync(name, ("catalog-info.yaml", Bytes(Descriptor)));
        await SpoilAsync(names[1]);
        var found = (await DiscoverAsync()).Where(f => names.Contains(f.Name)).ToDictionary(f => f.Name);
        Assert.Equal(
            [Descriptor, null, Descriptor], names.Select(n => found[n].Problem is null ? found[n].Descriptor : null));
        Assert.NotEmpty(found[names[1]].Problem!);
        await DeleteAsync(names[1]);
    }

    [Fact]
    public async Task Discover_ManyRepositories_TellsEachOnce()
    {
        var names = Enumerable.Range(0, ManyRepositories).Select(_ => NewName()).ToList();
        foreach (var name in names) await AddAsync(name);
        var found = (await DiscoverAsync()).Select(f => f.Name).ToList();
        Assert.Equal(found.Count, found.Distinct().Count());
        Assert.Empty(names.Except(found));
        foreach (var name in names) await DeleteAsync(name);
    }

    [Fact]
    public async Task Discover_Again_TellsWhatHasChangedSince()
    {
        var name = NewName();
        await AddAsync(name, ("README.md", Bytes("Hello")));
        Assert.Equal((null, null), Of(await FoundAsync(name)));
        await PushAsync(name, "catalog-info.yaml", Descriptor);
        Assert.Equal(("catalog-info.yaml", Descriptor), Of(await FoundAsync(name)));
        var before = await FoundAsync(name);
        Assert.Equal(before, await FoundAsync(name));
        if (await DescribeAsync(name, "Another purpose"))
        {
            Assert.Equal(before with { Description = "Another purpose" }, await FoundAsync(name));
        }
        await PushAsync(name, "catalog-info.yaml", Descriptor + "# changed\n");
        Assert.Equal(("catalog-info.yaml", Descriptor + "# changed\n"), Of(await FoundAsync(name)));
        Assert.NotEqual(before.HeadCommit, (await FoundAsync(name)).HeadCommit);
    }

    protected async Task<IReadOnlyList<DiscoveredRepository>> DiscoverAsync()
    {
        var all = new List<DiscoveredRepository>();
        await foreach (var found in Source.DiscoverAsync(Cancellation)) all.Add(found);
        return all;
    }

    protected static byte[] Bytes(string text) => System.Text.Encoding.UTF8.GetBytes(text);

    private async Task<DiscoveredRepository> FoundAsync(RepositoryName name) =>
        Assert.Single(await DiscoverAsync(), f => f.Name == name);

    private static (string? Path, string? Text) Of(DiscoveredRepository found) =>
        (found.DescriptorPath, found.Descriptor);
}
