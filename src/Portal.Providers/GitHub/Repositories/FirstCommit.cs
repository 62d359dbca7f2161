using System.Globalization;
using Portal.Core.Providers;
using Portal.Providers.GitHub.Api;

namespace Portal.Providers.GitHub.Repositories;

/// <summary>
/// Puts the first commit into a repository that GitHub made with a README of its own: Git's objects cannot be made in
/// an empty one. That commit is replaced, so that the history begins with ours. Done twice it comes to the same.
/// </summary>
internal sealed class FirstCommit(GitHubApi client, TimeProvider time)
{
    private const int Patience = 6;

    /// <param name="branch">The default branch as GitHub made it.</param>
    /// <returns>The commit's SHA.</returns>
    public async Task<string> MakeAsync(CreateRepository request, string branch, CancellationToken cancellation)
    {
        var name = request.Name;
        var tree = await WhenReadyAsync(
            () => new TreeUpload(client).SendAsync(name, request.Tree, null, [], cancellation), cancellation);
        var commit = await client.CreateCommitAsync(
            name, Commit(request.CommitMessage, tree, [], request.Author), cancellation);
        if (branch == request.DefaultBranch)
        {
            await client.ForceBranchAsync(name, branch, commit.Sha, cancellation);
            return commit.Sha;
        }
        if (!await client.CreateBranchAsync(name, request.DefaultBranch, commit.Sha, cancellation))
        {
            await client.ForceBranchAsync(name, request.DefaultBranch, commit.Sha, cancellation);
        }
        await client.ChangeRepositoryAsync(
            name, new ChangedRepository { DefaultBranch = request.DefaultBranch }, cancellation);
        await client.DeleteBranchAsync(name, branch, cancellation);
        return commit.Sha;
    }

    public static NewCommit Commit(string message, string tree, IReadOnlyList<string> parents, CommitAuthor author)
    {
        // Git counts seconds; with parts of one, or another person as committer, the same call would not make the same
        // commit.
        var person = new GitPerson(
            Clean(author.Name), Clean(author.Email),
            author.At.ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture));
        return new NewCommit(message, tree, parents, person, person);
    }

    /// <summary>Git takes neither angle brackets nor line ends in a name.</summary>
    private static string Clean(string text) =>
        string.Concat(text.Where(c => !char.IsControl(c) && c is not ('<' or '>'))).Trim();

    /// <summary>Just after it was created a repository may be empty, or not there, for a moment.</summary>
    private async Task<T> WhenReadyAsync<T>(Func<Task<T>> act, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await act();
            }
            catch (ProviderException notYet) when (
                attempt < Patience && (notYet.Error.Code is RefusalWords.Hidden or "provider-conflict"))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(250 * (1 << attempt)), time, cancellation);
            }
        }
    }
}
