using System.Text.Json;
using Octokit;
using Portal.Core.Shared;
using Account = Portal.Providers.GitHub.Access.Account;

namespace Portal.Providers.GitHub.Api;

/// <summary>Repositories and their settings.</summary>
internal static class RepositoryCalls
{
    private const string Administration = "Administration: write";

    /// <summary>By its present or a former name; null when there is none that the credentials see.</summary>
    public static Task<RepositoryBody?> FindRepositoryAsync(
        this GitHubApi client, RepositoryName name, CancellationToken cancellation) =>
        client.FindAsync<RepositoryBody>(name, GitHubPath.Of($"repos/{name}"), cancellation);

    public static Task<RepositoryBody> CreateRepositoryAsync(
        this GitHubApi client, string organisation, NewRepository body,
        Func<Http.ProviderRefusal, Core.Shared.Error?> refusal, CancellationToken cancellation) =>
        client.SendAsync<RepositoryBody>(
            new UntypedCall(
                HttpMethod.Post, new Account(organisation),
                GitHubPath.Of(
                    $"orgs/{organisation}/repos"))
                    {
                        Body = body, Refusal = refusal, Needs = Administration
                    }, cancellation);

    /// <summary>For the person whose token it is.</summary>
    public static Task<RepositoryBody> CreateOwnRepositoryAsync(
        this GitHubApi client, string login, NewRepository body, Func<Http.ProviderRefusal, Core.Shared.Error?> refusal,
        CancellationToken cancellation) =>
        client.SendAsync<RepositoryBody>(
            new UntypedCall(HttpMethod.Post, new Account(login), "user/repos")
            {
                Body = body, Refusal = refusal, Needs = Administration,
            },
            cancellation);

    /// <summary>Doing it twice comes to the same.</summary>
    public static Task<RepositoryBody> ChangeRepositoryAsync(
        this GitHubApi client, RepositoryName name, ChangedRepository body, CancellationToken cancellation) =>
        client.SendAsync<RepositoryBody>(
            new UntypedCall(HttpMethod.Patch, name, GitHubPath.Of($"repos/{name}"))
            {
                Body = body, IsRepeatable = true, Needs = Administration,
            }, cancellation);

    public static Task SetTopicsAsync(
        this GitHubApi client, RepositoryName name, IReadOnlyList<string> topics,
        CancellationToken cancellation) => client.DoAsync(
            new GitHubCall(name) { Needs = Administration },
            octokit => octokit.Repository.ReplaceAllTopics(
                name.Organisation, name.Name, new RepositoryTopics(topics)), cancellation);

    /// <summary>A value is a text, a list of texts, or null for none.</summary>
    public static async Task SetPropertiesAsync(
        this GitHubApi client, RepositoryName name, IReadOnlyList<PropertyValue> values, CancellationToken cancellation)
    {
        await client.SendAsync(new UntypedCall(HttpMethod.Patch, name, GitHubPath.Of($"repos/{name}/properties/values"))
        {
            Body = new PropertyValues(values), IsRepeatable = true, Needs = "Custom properties: write",
        }, cancellation);
    }

    /// <summary>404 is the caller's to judge.</summary>
    public static Task DeleteRepositoryAsync(
        this GitHubApi client, RepositoryName name, CancellationToken cancellation) => client.DoAsync(
            new GitHubCall(name) { Needs = Administration }, octokit =>
                octokit.Repository.Delete(name.Organisation, name.Name), cancellation);

    /// <summary>Those that an installation of the app may see.</summary>
    public static async IAsyncEnumerable<RepositoryBody> InstalledRepositoriesAsync(
        this GitHubApi client, string login, [
            System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var page in client.PagesAsync<RepositoryList>(
            new Account(login), "installation/repositories?per_page=100", cancellation))
        {
            foreach (var repository in page.Repositories) yield return repository;
        }
    }

    public static IAsyncEnumerable<RepositoryBody> OrganisationRepositoriesAsync(
        this GitHubApi client, string organisation, CancellationToken cancellation) =>
        client.ItemsAsync<RepositoryBody>(
            new Account(organisation), GitHubPath.Of($"orgs/{organisation}/repos?per_page=100"), cancellation);

    /// <summary>Those that the token's person owns or works on.</summary>
    public static IAsyncEnumerable<RepositoryBody> OwnRepositoriesAsync(
        this GitHubApi client, CancellationToken cancellation) =>
        client.ItemsAsync<RepositoryBody>(Account.App, "user/repos?per_page=100", cancellation);

    /// <summary>
    /// A file's bytes at a branch, tag or SHA; null for a folder, and for a link that leads nowhere: they are told as
    /// JSON.
    /// </summary>
    public static async Task<byte[]?> ReadFileAsync(
        this GitHubApi client, RepositoryName name, string path, string reference, CancellationToken cancellation)
    {
        var file = new Uri(GitHubPath.Of(
            $"repos/{name}/contents/{new Slashed(path)}?ref={reference}"), UriKind.Relative);
        var answer = await client.CallAsync(
            new GitHubCall(name) { Needs = "Contents: read" }, octokit => octokit.Connection.GetRaw(file, null),
            cancellation);
        // An empty file is told as nothing, without a type.
        return answer.Body ?? (answer.HttpResponse.Body is "" ? [] : null);
    }
}

internal sealed record RepositoryBody(
    long Id, string Name, string FullName, bool Private, string? Description, string? Homepage, string DefaultBranch,
    string HtmlUrl, string CloneUrl, bool Archived,
    Dictionary<string, JsonElement>? CustomProperties);

internal sealed record RepositoryList(List<RepositoryBody> Repositories);

internal sealed record NewRepository(string Name, string Description, string Homepage, bool Private)
{
    public bool AutoInit => true;

    /// <summary>Only <c>internal</c>, which <see cref="Private"/> cannot say.</summary>
    public string? Visibility { get; init; }
    public bool? HasIssues { get; init; }
    public bool? HasProjects { get; init; }
    public bool? HasWiki { get; init; }
    public bool? AllowMergeCommit { get; init; }
    public bool? AllowSquashMerge { get; init; }
    public bool? AllowRebaseMerge { get; init; }
    public bool? AllowAutoMerge { get; init; }
    public bool? DeleteBranchOnMerge { get; init; }
    public string? SquashMergeCommitTitle { get; init; }
    public string? SquashMergeCommitMessage { get; init; }
    public IReadOnlyDictionary<string, JsonElement>? CustomProperties { get; init; }
}

internal sealed record ChangedRepository
{
    public string? Homepage { get; init; }
    public string? DefaultBranch { get; init; }
    public bool? AllowUpdateBranch { get; init; }
    public bool? Archived { get; init; }
}

internal sealed record PropertyValues(IReadOnlyList<PropertyValue> Properties);

/// <param name="Value">A text, a list of texts, or JSON's null: none.</param>
internal sealed record PropertyValue(string PropertyName, JsonElement Value);
