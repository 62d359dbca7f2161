using System.Net;
using System.Text.Json;
using Octokit;
using Portal.Core.Providers;
using Portal.Core.Shared;

namespace Portal.Providers.GitHub.Api;

/// <summary>Git's own objects and references.</summary>
internal static class GitCalls
{
    private const string Contents = "Contents: write (and Workflows: write for files below .github/workflows)";

    public static Task<BlobReference> CreateBlobAsync(
        this GitHubApi client, RepositoryName name, NewBlob body, CancellationToken cancellation) =>
        client.CallAsync(
            Object(name), octokit => octokit.Git.Blob.Create(name.Organisation, name.Name, body), cancellation);

    /// <summary>Octokit's cannot take a file away.</summary>
    public static Task<GitObject> CreateTreeAsync(
        this GitHubApi client, RepositoryName name, NewTree body, CancellationToken cancellation) =>
        client.SendAsync<GitObject>(Object(name, "trees", body), cancellation);

    /// <summary>Octokit's moves the commit's time to UTC, which makes it another commit.</summary>
    public static Task<GitObject> CreateCommitAsync(
        this GitHubApi client, RepositoryName name, NewCommit body, CancellationToken cancellation) =>
        client.SendAsync<GitObject>(Object(name, "commits", body), cancellation);

    public static Task<Octokit.Commit> GetCommitAsync(
        this GitHubApi client, RepositoryName name, string sha, CancellationToken cancellation)
    {
        var commit = GitHubPath.Of($"{sha}");
        return client.CallAsync(
            new GitHubCall(name), octokit => octokit.Git.Commit.Get(name.Organisation, name.Name, commit),
            cancellation);
    }

    public static Task<TreeResponse> GetTreeAsync(
        this GitHubApi client, RepositoryName name, string sha, CancellationToken cancellation)
    {
        var tree = GitHubPath.Of($"{sha}");
        return client.CallAsync(
            new GitHubCall(name), octokit => octokit.Git.Tree.GetRecursive(name.Organisation, name.Name, tree),
            cancellation);
    }

    /// <summary>
    /// The commit that a branch points at; null when there is no such branch, or no commit at all. Octokit asks at
    /// the address for references that begin so.
    /// </summary>
    public static async Task<string?> FindBranchAsync(
        this GitHubApi client, RepositoryName name, string branch, CancellationToken cancellation)
    {
        try
        {
            var found = await client.FindAsync<GitReference>(
                name, GitHubPath.Of($"repos/{name}/git/ref/heads/{new Slashed(branch)}"), cancellation);
            return found?.Object.Sha;
        }
        // "Git Repository is empty."
        catch (ProviderException empty) when (empty.Error.Kind == Core.Shared.ErrorKind.Conflict)
        {
            return null;
        }
    }

    /// <returns>False when there is a branch of that name already; it may be this one, of a call whose answer was
    /// lost.</returns>
    public static async Task<bool> CreateBranchAsync(
        this GitHubApi client, RepositoryName name, string branch, string sha, CancellationToken cancellation)
    {
        const string Taken = "github-branch-exists";
        try
        {
            await client.CallAsync(Object(name) with
            {
                Refusal = refusal =>
                    refusal.Status == HttpStatusCode.UnprocessableEntity
                    && GitHubSaid.Read(refusal.Body).Has("already exists")
                    ? Core.Shared.Error.Conflict(Taken, $"There is a branch {branch} in {name} already.") : null,
            }, octokit => octokit.Git.Reference.Create(name.Organisation, name.Name, new NewReference(
                $"refs/heads/{branch}", sha)), cancellation);
            return true;
        }
        catch (ProviderException taken) when (taken.Error.Code == Taken)
        {
            return false;
        }
    }

    public static Task ForceBranchAsync(
        this GitHubApi client, RepositoryName name, string branch, string sha, CancellationToken cancellation)
    {
        var reference = GitHubPath.Of($"heads/{new Slashed(branch)}");
        return client.DoAsync(
            Object(name), octokit => octokit.Git.Reference.Update(
                name.Organisation, name.Name, reference, new ReferenceUpdate(sha, force: true)), cancellation);
    }

    /// <summary>One that is not there is fine.</summary>
    public static async Task DeleteBranchAsync(
        this GitHubApi client, RepositoryName name, string branch, CancellationToken cancellation)
    {
        var reference = GitHubPath.Of($"heads/{new Slashed(branch)}");
        try
        {
            await client.DoAsync(
                new GitHubCall(name) { Needs = Contents }, octokit =>
                    octokit.Git.Reference.Delete(name.Organisation, name.Name, reference), cancellation);
        }
        catch (ProviderException gone) when (
            gone.Error.Kind == Core.Shared.ErrorKind.NotFound
            || gone.Message.Contains("Reference does not exist", StringComparison.Ordinal))
        {
        }
    }

    public static IAsyncEnumerable<Branch> BranchesAsync(
        this GitHubApi client, RepositoryName name, CancellationToken cancellation) =>
        client.ItemsAsync<Branch>(name, GitHubPath.Of($"repos/{name}/branches?per_page=100"), cancellation);

    /// <summary>GitHub's answer of 422 to a SHA that is none of the repository's.</summary>
    public static bool IsNoCommit(ProviderException error) =>
        error.Message.Contains("No commit found", StringComparison.Ordinal);

    public static IAsyncEnumerable<GitHubCommit> CommitsAsync(
        this GitHubApi client, RepositoryName name, string reference, int pageSize, CancellationToken cancellation) =>
        client.ItemsAsync<GitHubCommit>(
            name, GitHubPath.Of($"repos/{name}/commits?sha={reference}&per_page={pageSize}"), cancellation);

    /// <summary>The same content is the same object, however often it is made.</summary>
    private static GitHubCall Object(RepositoryName name) => new(name) { IsRepeatable = true, Needs = Contents };

    private static UntypedCall Object(RepositoryName name, string kind, object body) =>
        new(HttpMethod.Post, name, GitHubPath.Of($"repos/{name}/git/{kind}"))
        {
            Body = body, IsRepeatable = true, Needs = Contents,
        };
}

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

    public static NewTreeEntry OfBlob(string path, string mode, string sha) =>
        new(path, mode) { Sha = JsonSerializer.SerializeToElement(sha, GitHubJson.Default.String) };

    public static NewTreeEntry Removed(string path) => new(path, File) { Sha = None };
}

internal sealed record NewCommit(
    string Message, string Tree, IReadOnlyList<string> Parents, GitPerson Author, GitPerson Committer);

/// <param name="Date">ISO 8601, without parts of a second.</param>
internal sealed record GitPerson(string Name, string Email, string Date);

internal sealed record GitObject(string Sha);

internal sealed record GitReference(string Ref, GitObject Object);
