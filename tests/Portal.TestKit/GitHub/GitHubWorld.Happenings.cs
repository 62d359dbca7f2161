using System.Text;
using System.Text.Json.Nodes;
using Portal.TestKit.GitHub.Server;
using Portal.TestKit.GitHub.Server.GitData;
using Portal.TestKit.GitHub.Server.Organisations;
using Portal.TestKit.GitHub.Server.Repositories;
using Portal.TestKit.Outside;

namespace Portal.TestKit.GitHub;

/// <summary>What people do on GitHub while the portal looks elsewhere.</summary>
public sealed partial class GitHubWorld
{
    /// <summary>
    /// What there is now, in a fixed order: equal before and after a run that was undone. What nobody can take away
    /// again is not in it: closed pull requests and issues, runs that are over, commits that no branch has.
    /// </summary>
    public IReadOnlyList<OutsideThing> Listing => Held(() => Task.FromResult<IReadOnlyList<OutsideThing>>(
        [.. state.Repositories.Values.SelectMany(ThingsOf).Concat(state.Organisations.Values.SelectMany(ThingsOf))
            .OrderBy(t => (t.Kind, t.Name))])).GetAwaiter().GetResult();

    public GitHubOrganisation AddOrganisation(string login) => state.AddOrganisation(login);

    public void AddTeam(string organisation, string slug, params string[] members)
    {
        var there = state.Organisations[organisation];
        there.Teams[slug] = new SortedSet<string>(members, StringComparer.OrdinalIgnoreCase);
        there.TeamIds[slug] = state.NextId();
    }

    /// <summary>A person with an account, and a token that does what the person may.</summary>
    /// <returns>The token.</returns>
    public string AddUser(string login)
    {
        state.UserId(login);
        var token = "ghp_" + Guid.NewGuid().ToString("N");
        state.Tokens[token] = new Caller(CallerKind.User, login);
        return token;
    }

    /// <summary>Defines a custom property of repositories that takes text.</summary>
    public void AddProperty(string organisation, string name) =>
        state.Organisations[organisation].Properties[name] = new JsonObject
        {
            ["property_name"] = name, ["value_type"] = "string", ["required"] = false, ["default_value"] = null,
            ["source_type"] = "organization",
            ["url"] = $"{state.Api}/orgs/{organisation}/properties/schema/{name}",
        };

    /// <summary>A repository that somebody else has made, with these files in its first commit.</summary>
    /// <param name="repository">Owner and name.</param>
    public Task AddRepositoryAsync(string repository, params (string Path, string Text)[] files) => Held(async () =>
    {
        var (owner, name) = Split(repository);
        var made = await state.AddRepositoryAsync(owner, name, new JsonObject { ["visibility"] = "private" });
        if (files.Length > 0) await CommitAsync(made, "main", files, "ada", "Begin");
        return made;
    });

    /// <summary>A commit that somebody pushes.</summary>
    /// <param name="repository">Owner and name.</param>
    /// <param name="branch">The default branch unless given; begins there when it is new.</param>
    /// <returns>Its SHA.</returns>
    public Task<string> PushAsync(
        string repository, string path, string text, string author = "ada", string? branch = null) =>
        Held(() => CommitAsync(
            Find(repository), branch ?? Find(repository).DefaultBranch, [(path, text)], author, $"Change {path}"));

    public Task RenameAsync(string repository, string name) => Held(() =>
    {
        RepositoryChanges.Rename(state, Find(repository), name, "ada");
        return Task.FromResult(name);
    });

    public Task TransferAsync(string repository, string owner) => Held(() =>
    {
        RepositoryChanges.Transfer(state, Find(repository), owner, Find(repository).Name, "ada");
        return Task.FromResult(owner);
    });

    public Task DeleteAsync(string repository) => Held(() =>
    {
        var gone = Find(repository);
        RepositoryRoutes.Tell(state, gone, "deleted", "ada");
        state.Remove(gone);
        return Task.FromResult(gone);
    });

    /// <summary>GitHub takes it down because somebody complained.</summary>
    public void Block(string repository) => Find(repository).IsBlocked = true;

    /// <summary>Somebody joins a team, or leaves it.</summary>
    public Task SetMemberAsync(string organisation, string team, string login, bool isMember = true) => Held(() =>
    {
        state.UserId(login);
        TeamRoutes.Member(state, state.Organisations[organisation], team, login, isMember, "ada");
        return Task.FromResult(login);
    });

    /// <summary>Sends a webhook once more, as somebody does on the app's page.</summary>
    public Task<GitHubDelivery> RedeliverAsync(string id) => sender.RedeliverAsync(id);

    /// <summary>Waits until every webhook has reached its address, or failed to.</summary>
    public Task DeliveredAsync() =>
        Eventually.TrueAsync(() => Task.FromResult(sender.IsIdle), "the webhooks of GitHub's world");

    /// <summary>
    /// What was sealed into the secrets of a repository; those of an environment are named <c>environment NAME</c>.
    /// </summary>
    public IReadOnlyDictionary<string, string> Secrets(string repository) => Held(() => Task.FromResult(
        Find(repository).KeysOf(Kinds.Secret).ToDictionary(
            key => key, key => (string)Find(repository).Get(Kinds.Secret, key)["_value"]!,
            StringComparer.Ordinal))).GetAwaiter().GetResult();

    /// <summary>The folder of a repository's objects, to look into with git.</summary>
    public string FolderOf(string repository) => Find(repository).Git.Folder;

    public void Suspend(string organisation = "shop") => state.Organisations[organisation].IsSuspended = true;

    public void Unsuspend(string organisation = "shop") => state.Organisations[organisation].IsSuspended = false;

    public void ForbidRepositories(string organisation = "shop") =>
        state.Organisations[organisation].MayCreateRepositories = false;

    /// <summary>Takes a permission from the installation.</summary>
    public void Forbid(string permission, string organisation = "shop") =>
        state.Organisations[organisation].Permissions.Remove(permission);

    private async Task<string> CommitAsync(
        StoredRepository repository, string branch, (string Path, string Text)[] files, string author, string message)
    {
        var git = repository.Git;
        var head = await git.ReferenceAsync($"refs/heads/{branch}")
            ?? await git.ReferenceAsync($"refs/heads/{repository.DefaultBranch}");
        var changes = new List<TreeChange>();
        foreach (var (path, text) in files) changes.Add(
            new TreeChange(path, "100644", await git.WriteBlobAsync(Encoding.UTF8.GetBytes(text))));
        var by = new Signature(author, $"{author}@users.noreply.github.com", state.Now);
        var sha = await git.WriteCommitAsync(
            await git.WriteTreeAsync(head, changes), head is null ? [] : [head], by, by, message);
        await References.MoveAsync(state, repository, $"refs/heads/{branch}", sha, author);
        return sha;
    }

    private static IEnumerable<OutsideThing> ThingsOf(StoredRepository repository) => repository.Keys
        .Where(k => k.Kind != Kinds.Commit && (k.Kind is not (Kinds.PullRequest or Kinds.Issue)
            || (string?)repository.Get(k.Kind, k.Key)["state"] == "open"))
        .Select(k => new OutsideThing(k.Kind, $"{repository.FullName} {k.Key}", null, repository.Owner))
        .Append(new OutsideThing(OutsideThing.Repository, repository.FullName, null, repository.Owner))
        .Concat(repository.References.Select(
            r => new OutsideThing(Kinds.Reference, $"{repository.FullName} {r.Key} {r.Value}", null, repository.Owner)))
        .Concat(repository.Runs.Where(r => !r.IsOver).Select(
            r => new OutsideThing(OutsideThing.PipelineRun, $"{repository.FullName} {r.Id}", null, repository.Owner)));

    private static IEnumerable<OutsideThing> ThingsOf(GitHubOrganisation organisation) =>
        organisation.Hooks.Keys.Select(
            key => new OutsideThing(Kinds.Hook, $"{organisation.Login} {key}", null, organisation.Login));

    private StoredRepository Find(string repository)
    {
        var (owner, name) = Split(repository);
        return state.Find(owner, name) ?? throw new InvalidOperationException($"There is no repository {repository}.");
    }

    private static (string Owner, string Name) Split(string repository) =>
        (repository.Split('/')[0], repository.Split('/')[1]);

    private Task<T> Held<T>(Func<Task<T>> work) => state.HeldAsync(work);
}
