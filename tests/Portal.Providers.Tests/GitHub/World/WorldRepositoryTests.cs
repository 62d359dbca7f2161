using System.Text.Json.Nodes;
using Portal.TestKit.GitHub;

namespace Portal.Providers.Tests.GitHub.World;

public sealed class WorldRepositoryTests : IAsyncLifetime
{
    private GitHubWorld world = null!;
    private GitHubCaller caller = null!;

    public async ValueTask InitializeAsync()
    {
        world = await GitHubWorld.StartAsync();
        caller = await GitHubCaller.OfInstallationAsync(world);
    }

    public async ValueTask DisposeAsync()
    {
        caller.Dispose();
        await world.DisposeAsync();
    }

    [Fact]
    public async Task CreateRepository_WithFirstCommit_CanBeClonedAndHasTheTreeOfGit()
    {
        await caller.PostAsync(
            "orgs/shop/repos",
            new JsonObject { ["name"] = "orders", ["visibility"] = "private", ["auto_init"] = true });
        var blob = await caller.PostAsync(
            "repos/shop/orders/git/blobs",
            new JsonObject { ["content"] = Convert.ToBase64String("echo hello\n"u8), ["encoding"] = "base64" });
        var tree = await caller.PostAsync("repos/shop/orders/git/trees", new JsonObject
        {
            ["tree"] = new JsonArray(Entry("run.sh", "100755", blob["sha"]!.GetValue<string>()), new JsonObject
            {
                ["path"] = "docs/a b.md", ["mode"] = "100644", ["type"] = "blob", ["content"] = "Ünder\n"
            }),
        });
        var head = await caller.GetAsync("repos/shop/orders/git/ref/heads/main");
        var commit = await caller.PostAsync("repos/shop/orders/git/commits", new JsonObject
        {
            ["message"] = "Begin", ["tree"] = tree["sha"]!.GetValue<string>(),
            ["parents"] = new JsonArray(head["object"]!["sha"]!.GetValue<string>()),
            ["author"] =
                new JsonObject { ["name"] = "Ada", ["email"] = "ada@example.com", ["date"] = "2026-03-02T09:00:00Z" },
        });
        await caller.DoAsync(
            "PATCH", "repos/shop/orders/git/refs/heads/main",
            new JsonObject { ["sha"] = commit["sha"]!.GetValue<string>() });

        using var folder = new TemporaryFolder();
        var git = new WorldGit(folder.Path);
        await git.RunAsync("clone", world.CloneUrl("shop/orders", caller.Token!), "orders");
        Assert.Equal("echo hello\n", await File.ReadAllTextAsync(Path.Combine(folder.Path, "orders", "run.sh")));
        Assert.Equal("Ünder\n", await File.ReadAllTextAsync(Path.Combine(folder.Path, "orders", "docs", "a b.md")));
        Assert.False(File.Exists(Path.Combine(folder.Path, "orders", "README.md")));
        Assert.True(
            File.GetUnixFileMode(Path.Combine(folder.Path, "orders", "run.sh")).HasFlag(UnixFileMode.UserExecute));
        await git.RunAsync("-C", "orders", "add", "--all");
        Assert.Equal(tree["sha"]!.GetValue<string>(), await git.RunAsync("-C", "orders", "write-tree"));
        Assert.Equal(
            "Begin|Ada|ada@example.com|2026-03-02T09:00:00+00:00",
            await git.RunAsync("-C", "orders", "log", "-1", "--format=%s|%an|%ae|%aI"));
        world.AssertNoViolations();
    }

    [Fact]
    public async Task GitData_EmptyRepository_Is409UntilAFileIsWritten()
    {
        await caller.PostAsync("orgs/shop/repos", new JsonObject { ["name"] = "orders" });
        var refused =
            await caller.SendAsync("POST", "repos/shop/orders/git/blobs", new JsonObject { ["content"] = "x" });
        Assert.Equal((409, "Git Repository is empty."), (refused.Status, refused.Json!["message"]!.GetValue<string>()));

        var written = await caller.SendAsync(
            "PUT", "repos/shop/orders/contents/src/a.txt",
            new JsonObject { ["message"] = "Begin", ["content"] = Convert.ToBase64String("one"u8) });

        Assert.Equal(201, written.Status);
        Assert.Equal("one", (await caller.SendAsync(
            "GET", "repos/shop/orders/contents/src/a.txt", accept: "application/vnd.github.raw+json")).Text);
        Assert.Equal(
            written.Json!["commit"]!["sha"]!.GetValue<string>(),
            (await caller.GetAsync("repos/shop/orders/commits"))[0]!["sha"]!.GetValue<string>());
        world.AssertNoViolations();
    }

    [Fact]
    public async Task CreateRepository_NameIsTaken_Is422InGitHubsWords()
    {
        await caller.PostAsync("orgs/shop/repos", new JsonObject { ["name"] = "orders" });

        var refused = await caller.SendAsync("POST", "orgs/shop/repos", new JsonObject { ["name"] = "Orders" });

        Assert.Equal(422, refused.Status);
        Assert.Equal(
            "name already exists on this account", refused.Json!["errors"]![0]!["message"]!.GetValue<string>());
        Assert.Single(world.Ledger.MadeOf("repository"));
    }

    [Fact]
    public async Task Rename_OldAddresses_LeadToTheNew()
    {
        await world.AddRepositoryAsync("shop/orders", ("a.txt", "one"));
        await world.RenameAsync("shop/orders", "sales");

        var moved = await caller.SendAsync("GET", "repos/shop/orders/contents/a.txt?ref=main");

        Assert.Equal(301, moved.Status);
        var followed = await caller.SendAsync("GET", moved.Headers["Location"]);
        Assert.Equal("a.txt", followed.Json!["name"]!.GetValue<string>());
        Assert.Equal(
            307,
            (await caller.SendAsync("PATCH", "repos/shop/orders", new JsonObject { ["description"] = "x" })).Status);
        using var folder = new TemporaryFolder();
        await new WorldGit(folder.Path).RunAsync("clone", world.CloneUrl("shop/orders", caller.Token!), "orders");
        Assert.True(File.Exists(Path.Combine(folder.Path, "orders", "a.txt")));
        world.AssertNoViolations();
    }

    [Fact]
    public async Task Push_WithGit_IsSeenThroughTheApi()
    {
        await world.AddRepositoryAsync("shop/orders", ("a.txt", "one"));
        using var folder = new TemporaryFolder();
        var git = new WorldGit(folder.Path);
        await git.RunAsync("clone", world.CloneUrl("shop/orders", caller.Token!), "orders");
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "orders", "b.txt"), "two");
        await git.RunAsync("-C", "orders", "add", "--all");
        await git.RunAsync("-C", "orders", "commit", "-m", "Second");
        await git.RunAsync("-C", "orders", "push", "origin", "HEAD:refs/heads/topic/one");

        var branch = await caller.GetAsync("repos/shop/orders/branches/topic/one");

        Assert.Equal(
            await git.RunAsync("-C", "orders", "rev-parse", "HEAD"), branch["commit"]!["sha"]!.GetValue<string>());
        Assert.Equal(
            2, (await caller.GetAsync("repos/shop/orders/commits?sha=topic/one&per_page=100")).AsArray().Count);
        world.AssertNoViolations();
    }

    [Fact]
    public async Task Listing_AfterEverythingIsUndone_IsAsBefore()
    {
        await world.AddRepositoryAsync("shop/other", ("a.txt", "one"));
        var before = world.Listing;
        await caller.PostAsync("orgs/shop/repos", new JsonObject { ["name"] = "orders", ["auto_init"] = true });
        Assert.NotEqual(before, world.Listing);

        await caller.DoAsync("DELETE", "repos/shop/orders");

        Assert.Equal(before, world.Listing);
        Assert.Empty(world.Ledger.Duplicates);
        world.AssertNoViolations();
    }

    private static JsonObject Entry(string path, string mode, string sha) =>
        new() { ["path"] = path, ["mode"] = mode, ["type"] = "blob", ["sha"] = sha };
}
