using System.Text.Json;
using Portal.Core.Shared;
using Portal.Providers.GitHub.Access;

namespace Portal.Providers.GitHub.Api;

/// <summary>Repositories and their settings.</summary>
internal static class RepositoryCalls
{
    private const string Administration = "Administration: write";

    /// <summary>By its present or a former name; null when there is none that the credentials see.</summary>
    public static Task<RepositoryBody?> FindRepositoryAsync(this GitHubClient client, RepositoryName name, CancellationToken cancellation) =>
        client.FindAsync<RepositoryBody>(name, GitHubPath.Of($"repos/{name}"), cancellation);

    public static Task<RepositoryBody> CreateRepositoryAsync(
        this GitHubClient client, string organisation, NewRepository body, Func<Http.ProviderRefusal, Core.Shared.Error?> refusal, CancellationToken cancellation) =>
        client.SendAsync<RepositoryBody>(
            new GitHubCall(HttpMethod.Post, new Account(organisation), GitHubPath.Of($"orgs/{organisation}/repos")) { Body = body, Refusal = refusal, Needs = Administration }, cancellation);

    /// <summary>For the person whose token it is.</summary>
    public static Task<RepositoryBody> CreateOwnRepositoryAsync(
        this GitHubClient client, string login, NewRepository body, Func<Http.ProviderRefusal, Core.Shared.Error?> refusal, CancellationToken cancellation) =>
        client.SendAsync<RepositoryBody>(new GitHubCall(HttpMethod.Post, new Account(login), "user/repos") { Body = body, Refusal = refusal, Needs = Administration }, cancellation);

    /// <summary>Doing it twice comes to the same.</summary>
    public static Task<RepositoryBody> ChangeRepositoryAsync(this GitHubClient client, RepositoryName name, ChangedRepository body, CancellationToken cancellation) =>
        client.SendAsync<RepositoryBody>(
            new GitHubCall(HttpMethod.Patch, name, GitHubPath.Of($"repos/{name}")) { Body = body, IsRepeatable = true, Needs = Administration }, cancellation);

    public static async Task SetTopicsAsync(this GitHubClient client, RepositoryName name, IReadOnlyList<string> topics, CancellationToken cancellation)
    {
        using var _ = await client.SendAsync(
            new GitHubCall(HttpMethod.Put, name, GitHubPath.Of($"repos/{name}/topics")) { Body = new Topics(topics), Needs = Administration }, cancellation);
    }

    /// <summary>A value is a text, a list of texts, or null for none.</summary>
    public static async Task SetPropertiesAsync(this GitHubClient client, RepositoryName name, IReadOnlyList<PropertyValue> values, CancellationToken cancellation)
    {
        using var _ = await client.SendAsync(new GitHubCall(HttpMethod.Patch, name, GitHubPath.Of($"repos/{name}/properties/values"))
        {
            Body = new PropertyValues(values), IsRepeatable = true, Needs = "Custom properties: write",
        }, cancellation);
    }

    /// <summary>404 is the caller's to judge.</summary>
    public static async Task DeleteRepositoryAsync(this GitHubClient client, RepositoryName name, CancellationToken cancellation)
    {
        using var _ = await client.SendAsync(new GitHubCall(HttpMethod.Delete, name, GitHubPath.Of($"repos/{name}")) { Needs = Administration }, cancellation);
    }

    /// <summary>Those that an installation of the app may see.</summary>
    public static async IAsyncEnumerable<RepositoryBody> InstalledRepositoriesAsync(
        this GitHubClient client, string login, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var page in client.PagesAsync<RepositoryList>(new Account(login), "installation/repositories?per_page=100", cancellation))
        {
            foreach (var repository in page.Repositories) yield return repository;
        }
    }

    public static IAsyncEnumerable<RepositoryBody> OrganisationRepositoriesAsync(this GitHubClient client, string organisation, CancellationToken cancellation) =>
        client.ItemsAsync<RepositoryBody>(new Account(organisation), GitHubPath.Of($"orgs/{organisation}/repos?per_page=100"), cancellation);

    /// <summary>Those that the token's person owns or works on.</summary>
    public static IAsyncEnumerable<RepositoryBody> OwnRepositoriesAsync(this GitHubClient client, CancellationToken cancellation) =>
        client.ItemsAsync<RepositoryBody>(Account.App, "user/repos?per_page=100", cancellation);

    /// <summary>The answer with the file's bytes at a branch, tag or SHA; a folder answers with JSON.</summary>
    public static Task<HttpResponseMessage> ReadFileAsync(this GitHubClient client, RepositoryName name, string path, string reference, CancellationToken cancellation) =>
        client.SendAsync(new GitHubCall(HttpMethod.Get, name, GitHubPath.Of($"repos/{name}/contents/{new Slashed(path)}?ref={reference}"))
        {
            Accept = GitHubClient.Raw, Needs = "Contents: read",
        }, cancellation);
}

internal sealed record RepositoryBody(
    long Id, string Name, string FullName, bool Private, string? Description, string? Homepage, string DefaultBranch, string HtmlUrl, string CloneUrl, bool Archived,
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

internal sealed record Topics(IReadOnlyList<string> Names);

internal sealed record PropertyValues(IReadOnlyList<PropertyValue> Properties);

/// <param name="Value">A text, a list of texts, or JSON's null: none.</param>
internal sealed record PropertyValue(string PropertyName, JsonElement Value);
