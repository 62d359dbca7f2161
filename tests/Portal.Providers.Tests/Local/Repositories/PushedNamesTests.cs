using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.Core.Shared.Files;
using Portal.Providers.Local;

namespace Portal.Providers.Tests.Local.Repositories;

/// <summary>
/// What a push may be called, and that nothing that is pushed puts one object in the place of another.
/// </summary>
public sealed class PushedNamesTests(LocalPortal portal) : IClassFixture<LocalPortal>, IDisposable
{
    private readonly GitClient git = new(portal);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => git.Dispose();

    [Theory]
    [InlineData("refs/replace/COMMIT")]
    [InlineData("refs/notes/commits")]
    [InlineData("refs/pull/1/head")]
    [InlineData("refs/meta/config")]
    [InlineData("refs/stash")]
    [InlineData("refs/remotes/origin/main")]
    [InlineData("refs/bisect/bad")]
    [InlineData("refs/worktree/x")]
    [InlineData("refs/headsx/x")]
    [InlineData("refs/HEADS/x")]
    [InlineData("refs/heads/HEAD")]
    [InlineData("refs/tags/HEAD")]
    [InlineData("refs/heads/refs/heads/main")]
    [InlineData("refs/heads/-flag")]
    [InlineData("refs/heads/COMMIT")]
    [InlineData("refs/tags/COMMIT")]
    public async Task Push_WhatIsNoPlainBranchOrTag_IsRefusedInWordsAndChangesNothing(string reference)
    {
        var folder = await CloneAsync();
        var head = (await git.RunAsync("-C", "one", "rev-parse", "HEAD")).Trim();
        await git.CommitAsync("one", "evil.txt", "evil", "Other");

        var (status, said) = await git.TryAsync(
            "-C", "one", "push", "origin", $"HEAD:{reference.Replace("COMMIT", head, StringComparison.Ordinal)}");

        Assert.NotEqual(0, status);
        Assert.Matches("remote: .*(neither a branch nor a tag|Choose another|funny ref)", said);
        Assert.Equal(["refs/heads/main"], await ReferencesAsync(folder));
    }

    [Theory]
    [InlineData("refs/heads/feature/x-1.2_3")]
    [InlineData("refs/heads/abc")]
    [InlineData("refs/heads/日本")]
    [InlineData("refs/tags/v1.0")]
    public async Task Push_PlainBranchOrTag_IsTaken(string reference)
    {
        var folder = await CloneAsync();
        await git.RunAsync("-C", "one", "push", "-q", "origin", $"HEAD:{reference}");
        Assert.Contains(reference, await ReferencesAsync(folder));
    }

    [Fact]
    public async Task Push_Mirror_TakesBranchesAndNothingElse()
    {
        var folder = await CloneAsync();
        await git.RunAsync("-C", "one", "update-ref", "refs/replace/" + new string('a', 40), "HEAD");
        await git.RunAsync("-C", "one", "update-ref", "refs/heads/more", "HEAD");
        Assert.NotEqual(0, (await git.TryAsync("-C", "one", "push", "--mirror", "origin")).Status);
        Assert.DoesNotContain(
            await ReferencesAsync(folder), r => r.StartsWith("refs/replace", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Read_RepositoryWithAReplaceReference_SeesWhatTheNameSays()
    {
        var folder = await CloneAsync();
        var head = (await git.RunAsync("-C", "one", "rev-parse", "HEAD")).Trim();
        await git.CommitAsync("one", "README.md", "# Evil\n", "Evil");
        await git.RunAsync("-C", "one", "push", "-q", "origin", "HEAD:work");
        var evil = (await git.RunAsync("-C", "one", "rev-parse", "HEAD")).Trim();
        // As if it had been there before the rule.
        Directory.CreateDirectory(Path.Combine(folder, "refs", "replace"));
        await File.WriteAllTextAsync(Path.Combine(folder, "refs", "replace", head), evil + "\n", Cancellation);

        var name = Name(folder);
        Assert.Equal("First", (await portal.Repositories.CommitsAsync(name, "main", 1, Cancellation))[0].Subject);
        Assert.Equal(
            "# Test\n"u8.ToArray(), await portal.Repositories.ReadFileAsync(name, "main", "README.md", Cancellation));
        await git.RunAsync("clone", "-q", git.Address($"{name}.git"), "two");
        Assert.Equal(
            "# Test\n", await File.ReadAllTextAsync(Path.Combine(git.Folder, "two", "README.md"), Cancellation));
        // The default branch cannot be rewritten with its help either.
        await git.RunAsync("-C", "two", "commit", "-q", "--amend", "-m", "Rewritten");
        Assert.NotEqual(0, (await git.TryAsync("-C", "two", "push", "--force", "origin", "main")).Status);
        // And it may be taken away.
        await git.RunAsync("-C", "two", "push", "-q", "origin", $":refs/replace/{head}");
        Assert.False(File.Exists(Path.Combine(folder, "refs", "replace", head)));
    }

    /// <summary>A new repository, cloned to <c>one</c>; the folder of its bare one.</summary>
    private async Task<string> CloneAsync()
    {
        var name = new RepositoryName("shop", "n" + Guid.NewGuid().ToString("N")[..10]);
        await portal.Repositories.CreateAsync(new CreateRepository(name, "Test", "main", new FileTree(
            [new TreeFile("README.md", "# Test\n"u8.ToArray())]),
            "First", new CommitAuthor("Ada", "ada@example.com", DateTimeOffset.UnixEpoch), "run-1",
            "group:default/shop"), Cancellation);
        await git.RunAsync("clone", "-q", git.Address($"{name}.git"), "one");
        return portal.Services.GetRequiredService<LocalFolders>().Repository(name);
    }

    private static RepositoryName Name(string folder) => new("shop", Path.GetFileNameWithoutExtension(folder));

    private async Task<string[]> ReferencesAsync(string folder) =>
        (await git.RunAsync(
            "--git-dir", folder, "-c", "safe.directory=*", "for-each-ref",
            "--format=%(refname)")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
