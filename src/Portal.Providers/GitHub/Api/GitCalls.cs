using System.Net;
using System.Text.Json;
using Portal.Core.Providers;
using Portal.Core.Shared;

namespace Portal.Providers.GitHub.Api;

/// <summary>Git's own objects and references.</summary>
internal static class GitCalls
{
    private const string Contents = "Contents: write (and Workflows: write for files below .github/workflows)";

    public static Task<GitObject> CreateBlobAsync(this GitHubClient client, RepositoryName name, NewBlob body, CancellationToken cancellation) =>
        client.SendAsync<GitObject>(Object(name, "blobs", body), cancellation);

    public static Task<GitObject> CreateTreeAsync(this GitHubClient client, RepositoryName name, NewTree body, CancellationToken cancellation) =>
        client.SendAsync<GitObject>(Object(name, "trees", body), cancellation);

    public static Task<GitObject> CreateCommitAsync(this GitHubClient client, RepositoryName name, NewCommit body, CancellationToken cancellation) =>
        client.SendAsync<GitObject>(Object(name, "commits", body), cancellation);

    public static Task<GitCommitBody> GetCommitAsync(this GitHubClient client, RepositoryName name, string sha, CancellationToken cancellation) =>
        client.GetAsync<GitCommitBody>(name, GitHubPath.Of($"repos/{name}/git/commits/{sha}"), cancellation);

    public static Task<GitTree> GetTreeAsync(this GitHubClient client, RepositoryName name, string sha, CancellationToken cancellation) =>
        client.GetAsync<GitTree>(name, GitHubPath.Of($"repos/{name}/git/trees/{sha}?recursive=1"), cancellation);

    /// <summary>The commit that a branch points at; null when there is no such branch, or no commit at all.</summary>
    public static async Task<string?> FindBranchAsync(this GitHubClient client, RepositoryName name, string branch, CancellationToken cancellation)
    {
        try
        {
            var found = await client.FindAsync<GitReference>(name, GitHubPath.Of($"repos/{name}/git/ref/heads/{new Slashed(branch)}"), cancellation);
            return found?.Object.Sha;
        }
        // "Git Repository is empty."
        catch (ProviderException empty) when (empty.Error.Kind == Core.Shared.ErrorKind.Conflict)
        {
            return null;
        }
    }

    /// <returns>False when there is a branch of that name already; it may be this one, of a call whose answer was lost.</returns>
    public static async Task<bool> CreateBranchAsync(this GitHubClient client, RepositoryName name, string branch, string sha, CancellationToken cancellation)
    {
        const string Taken = "github-branch-exists";
        try
        {
            using var _ = await client.SendAsync(new GitHubCall(HttpMethod.Post, name, GitHubPath.Of($"repos/{name}/git/refs"))
            {
                Body = new NewReference($"refs/heads/{branch}", sha), Needs = Contents, IsRepeatable = true,
                Refusal = refusal => refusal.Status == HttpStatusCode.UnprocessableEntity && GitHubSaid.Read(refusal.Body).Has("already exists")
                    ? Core.Shared.Error.Conflict(Taken, $"There is a branch {branch} in {name} already.") : null,
            }, cancellation);
            return true;
        }
        catch (ProviderException taken) when (taken.Error.Code == Taken)
        {
            return false;
        }
    }

    public static async Task ForceBranchAsync(this GitHubClient client, RepositoryName name, string branch, string sha, CancellationToken cancellation)
    {
        using var _ = await client.SendAsync(new GitHubCall(HttpMethod.Patch, name, GitHubPath.Of($"repos/{name}/git/refs/heads/{new Slashed(branch)}"))
        {
            Body = new ChangedReference(sha, Force: true), IsRepeatable = true, Needs = Contents,
        }, cancellation);
    }

    /// <summary>One that is not there is fine.</summary>
    public static async Task DeleteBranchAsync(this GitHubClient client, RepositoryName name, string branch, CancellationToken cancellation)
    {
        try
        {
            using var _ = await client.SendAsync(
                new GitHubCall(HttpMethod.Delete, name, GitHubPath.Of($"repos/{name}/git/refs/heads/{new Slashed(branch)}")) { Needs = Contents }, cancellation);
        }
        catch (ProviderException gone) when (gone.Error.Kind == Core.Shared.ErrorKind.NotFound || gone.Message.Contains("Reference does not exist", StringComparison.Ordinal))
        {
        }
    }

    public static IAsyncEnumerable<BranchBody> BranchesAsync(this GitHubClient client, RepositoryName name, CancellationToken cancellation) =>
        client.ItemsAsync<BranchBody>(name, GitHubPath.Of($"repos/{name}/branches?per_page=100"), cancellation);

    /// <summary>GitHub's answer of 422 to a SHA that is none of the repository's.</summary>
    public static bool IsNoCommit(ProviderException error) => error.Message.Contains("No commit found", StringComparison.Ordinal);

    public static IAsyncEnumerable<CommitBody> CommitsAsync(this GitHubClient client, RepositoryName name, string reference, int pageSize, CancellationToken cancellation) =>
        client.ItemsAsync<CommitBody>(name, GitHubPath.Of($"repos/{name}/commits?sha={reference}&per_page={pageSize}"), cancellation);

    /// <summary>The same content is the same object, however often it is made.</summary>
    private static GitHubCall Object(RepositoryName name, string kind, object body) =>
        new(HttpMethod.Post, name, GitHubPath.Of($"repos/{name}/git/{kind}")) { Body = body, IsRepeatable = true, Needs = Contents };
}

/// <param name="Encoding"><c>utf-8</c> or <c>base64</c>.</param>
internal sealed record NewBlob(string Content, string Encoding);

internal sealed record NewTree(IReadOnlyList<NewTreeEntry> Tree, string? BaseTree = null);

/// <summary>A file by its text or by its blob, or one that goes.</summary>
internal sealed record NewTreeEntry(string Path, string Mode)
{
    public const string File = "100644";
    public const string Executable = "100755";
    public const string Link = "120000";

    private static readonly JsonElement None = JsonDocument.Parse("null").RootElement;

    public string Type => "blob";

    public string? Content { get; init; }

    /// <summary>Of the blob. JSON's null, which is written, takes the file away; C#'s null is not written.</summary>
    public JsonElement? Sha { get; init; }

    public static NewTreeEntry OfText(string path, string mode, string text) => new(path, mode) { Content = text };

    public static NewTreeEntry OfBlob(string path, string mode, string sha) => new(path, mode) { Sha = JsonSerializer.SerializeToElement(sha, GitHubJson.Default.String) };

    public static NewTreeEntry Removed(string path) => new(path, File) { Sha = None };
}

internal sealed record NewCommit(string Message, string Tree, IReadOnlyList<string> Parents, GitPerson Author, GitPerson Committer);

/// <param name="Date">ISO 8601, without parts of a second.</param>
internal sealed record GitPerson(string Name, string Email, string Date);

internal sealed record NewReference(string Ref, string Sha);

internal sealed record ChangedReference(string Sha, bool Force);

internal sealed record GitObject(string Sha);

internal sealed record GitReference(string Ref, GitObject Object);

internal sealed record BranchBody(string Name, GitObject Commit);

internal sealed record GitTree(string Sha, List<GitTreeEntry> Tree, bool Truncated);

internal sealed record GitTreeEntry(string Path, string Mode, string Type, string? Sha);

internal sealed record GitCommitBody(string Sha, string Message, GitObject Tree, GitAuthor Author, List<GitObject> Parents);

internal sealed record GitAuthor(string? Name, string? Email, DateTimeOffset? Date);

internal sealed record CommitBody(string Sha, CommitText Commit);

internal sealed record CommitText(string Message, GitAuthor? Author);
