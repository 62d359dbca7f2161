using Portal.Core.Shared;

namespace Portal.Providers.GitHub.Api;

/// <summary>Variables and secrets of workflows, of a repository or of one of its environments.</summary>
internal static class SecretCalls
{
    private const string Most = "per_page=30";

    public static async Task<List<NewVariable>> VariablesAsync(
        this GitHubApi client, RepositoryName name, string? environment, CancellationToken cancellation)
    {
        var found = new List<NewVariable>();
        await foreach (var page
            in client.PagesAsync<VariableList>(name, $"{Path(name, environment, "variables")}?{Most}", cancellation))
        {
            found.AddRange(page.Variables);
        }
        return found;
    }

    public static async Task CreateVariableAsync(
        this GitHubApi client, RepositoryName name, string? environment, NewVariable variable,
        CancellationToken cancellation)
    {
        await client.SendAsync(
            new UntypedCall(HttpMethod.Post, name, Path(name, environment, "variables"))
            {
                Body = variable, Needs = Needs("Variables", environment),
            },
            cancellation);
    }

    public static Task ChangeVariableAsync(
        this GitHubApi client, RepositoryName name, string? environment, NewVariable variable,
        CancellationToken cancellation) =>
        client.PutAsync(
            HttpMethod.Patch, name, Path(name, environment, "variables") + GitHubPath.Of($"/{variable.Name}"), variable,
            Needs("Variables", environment), cancellation);

    public static Task RemoveVariableAsync(
        this GitHubApi client, RepositoryName name, string? environment, string variable,
        CancellationToken cancellation) =>
        client.RemoveAsync(
            name, Path(name, environment, "variables") + GitHubPath.Of($"/{variable}"), Needs("Variables", environment),
            cancellation);

    /// <summary>Their names: nobody can read what they hold.</summary>
    public static async Task<List<string>> SecretsAsync(
        this GitHubApi client, RepositoryName name, string? environment, CancellationToken cancellation)
    {
        var found = new List<string>();
        await foreach (var page
            in client.PagesAsync<SecretList>(name, $"{Path(name, environment, "secrets")}?{Most}", cancellation))
        {
            found.AddRange(page.Secrets.Select(s => s.Name));
        }
        return found;
    }

    /// <summary>The key that secrets are sealed with.</summary>
    public static Task<SecretKey> SecretKeyAsync(
        this GitHubApi client, RepositoryName name, string? environment, CancellationToken cancellation) =>
        client.GetAsync<SecretKey>(name, Path(name, environment, "secrets") + "/public-key", cancellation);

    public static Task PutSecretAsync(
        this GitHubApi client, RepositoryName name, string? environment, string secret, SealedSecret value,
        CancellationToken cancellation) =>
        client.PutAsync(
            HttpMethod.Put, name, Path(name, environment, "secrets") + GitHubPath.Of($"/{secret}"), value,
            Needs("Secrets", environment), cancellation);

    public static Task RemoveSecretAsync(
        this GitHubApi client, RepositoryName name, string? environment, string secret,
        CancellationToken cancellation) =>
        client.RemoveAsync(
            name, Path(name, environment, "secrets") + GitHubPath.Of($"/{secret}"), Needs("Secrets", environment),
            cancellation);

    private static string Path(RepositoryName name, string? environment, string kind) => environment is null
        ? GitHubPath.Of($"repos/{name}/actions/{kind}") : GitHubPath.Of(
            $"repos/{name}/environments/{environment}/{kind}");

    private static string Needs(string kind, string? environment) =>
        environment is null ? $"{kind}: write" : "Environments: write";
}

internal sealed record NewVariable(string Name, string Value);

internal sealed record VariableList(List<NewVariable> Variables);

/// <param name="Key">Base64 of 32 bytes.</param>
internal sealed record SecretKey(string KeyId, string Key);

internal sealed record SealedSecret(string EncryptedValue, string KeyId);

internal sealed record SecretList(List<SecretName> Secrets);

internal sealed record SecretName(string Name);
