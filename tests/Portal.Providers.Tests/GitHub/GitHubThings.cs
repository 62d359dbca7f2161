using System.Text;
using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.Core.Shared.Files;

namespace Portal.Providers.Tests.GitHub;

internal static class GitHubThings
{
    public static RepositoryName NewName() => new("shop", "svc-" + Guid.NewGuid().ToString("N")[..8]);

    public static FileTree Tree(params (string Path, string Text)[] files) =>
        new(files.Select(f => new TreeFile(f.Path, Encoding.UTF8.GetBytes(f.Text))));

    public static CreateRepository Request(RepositoryName name, params (string Path, string Text)[] files) =>
        Request(name, Tree(files));

    public static CreateRepository Request(RepositoryName name, FileTree tree, string branch = "main") => new(
        name, "A service", branch, tree, "Create it",
        new CommitAuthor("Ada", "ada@example.com", new DateTimeOffset(2026, 11, 21, 10, 0, 0, TimeSpan.FromHours(1))),
        "mark-" + name.Name, "group:default/checkout")
    {
        RunUrl = "https://portal.shop.example/runs/" + name.Name,
    };
}
