using System.Text;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Portal.Core.Providers;
using Portal.Core.Runs;
using Portal.Core.Shared;
using Portal.Providers.GitHub.Actions.Shared;
using Portal.Providers.GitHub.Api;
using Portal.Providers.ActionBases;

namespace Portal.Providers.GitHub.Actions.Secrets;

/// <param name="Environment">Null: of the repository.</param>
/// <param name="Values">
/// By name; not in the journal, for a step that is taken up again has them from the run's secrets.
/// </param>
internal sealed record SecretsArgs(
    string Provider, RepositoryName Repository, string? Environment, IReadOnlyList<string> Names, [
        property: JsonIgnore] IReadOnlyDictionary<string, string>? Values = null)
    : SettingArgs(Provider, Repository);

/// <summary>Stores secrets for workflows, sealed so that only GitHub can open them.</summary>
internal sealed class SecretsEffect(GitHubClients clients) : SettingEffect<SecretsArgs, SettingApplied>(clients)
{
    public override string Kind => "github.secrets";

    public override PlannedEffect Describe(SecretsArgs args) =>
        new("Store", "secrets", $"{string.Join(", ", args.Names)} of {Place(args)}", args.Provider);

    protected override async Task<SettingApplied> ApplyAsync(
        GitHubApi client, EffectContext context, SecretsArgs args, CancellationToken cancellation)
    {
        var key = await client.SecretKeyAsync(args.Repository, args.Environment, cancellation);
        var publicKey = Convert.FromBase64String(key.Key);
        foreach (var name in args.Names)
        {
            var value = args.Values?[name] ?? throw new InvalidOperationException($"The secret {name} has no value.");
            var box = SealedBox.Seal(Encoding.UTF8.GetBytes(value), publicKey);
            await client.PutSecretAsync(
                args.Repository, args.Environment, name, new SealedSecret(Convert.ToBase64String(box), key.KeyId),
                cancellation);
        }
        return new SettingApplied();
    }

    /// <summary>The names of those that are there.</summary>
    protected override async Task<string?> BeforeAsync(
        GitHubApi client, SecretsArgs args, CancellationToken cancellation)
    {
        var there = await CurrentAsync(client, args, cancellation);
        return new JsonObject
        {
            ["names"] = new JsonArray([.. args.Names.Where(there.Contains).Select(n => (JsonNode)n)]),
        }.ToJsonString();
    }

    protected override UndoPreview Preview(string? before, SecretsArgs args, SettingApplied? result)
    {
        var (gone, kept) = Split(before, args);
        var stays = kept.Count == 0
            ? ""
            : $"{string.Join(", ", kept)} of {Place(args)} {(kept.Count == 1 ? "was" : "were")} there before and "
                + $"keep{(kept.Count == 1 ? "s" : "")} the new value: GitHub does not tell the old one.";
        return gone.Count == 0
            ? UndoPreview.Stays(stays)
            : UndoPreview.Goes(
                $"The secrets {string.Join(", ", gone)} of {Place(args)} are removed. {stays}".TrimEnd());
    }

    protected override async Task RestoreAsync(
        GitHubApi client, EffectContext context, SecretsArgs args, SettingApplied? result,
        CancellationToken cancellation)
    {
        var (gone, kept) = Split(context.Before, args);
        foreach (var name in gone)
        {
            await client.RemoveSecretAsync(args.Repository, args.Environment, name, cancellation);
        }
        foreach (var name in kept)
        {
            context.Log($"The secret {name} of {Place(args)} keeps its new value: GitHub does not tell the old one.");
        }
    }

    private static (IReadOnlyList<string> Gone, IReadOnlyList<string> Kept) Split(string? before, SecretsArgs args)
    {
        var there = (Read(before)?["names"] as JsonArray ?? []).Select(n => n!.GetValue<string>())
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        return ([.. args.Names.Where(n => !there.Contains(n))], [.. args.Names.Where(there.Contains)]);
    }

    private static async Task<HashSet<string>> CurrentAsync(
        GitHubApi client, SecretsArgs args, CancellationToken cancellation)
    {
        try
        {
            return new HashSet<string>(
                await client.SecretsAsync(args.Repository, args.Environment, cancellation),
                StringComparer.OrdinalIgnoreCase);
        }
        catch (ProviderException missing) when (
            missing.Error.Kind == ErrorKind.NotFound && args.Environment is not null)
        {
            return [];
        }
    }

    private static string Place(SecretsArgs args) =>
        args.Environment is null ? args.Repository.ToString() : $"{args.Environment} of {args.Repository}";
}
