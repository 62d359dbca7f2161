using System.Text.Json.Nodes;
using Portal.Core.Providers;
using Portal.Core.Runs;
using Portal.Core.Shared;
using Portal.Providers.GitHub.Actions.Shared;
using Portal.Providers.GitHub.Api;
using Portal.Providers.ActionBases;

namespace Portal.Providers.GitHub.Actions.Secrets;

/// <param name="Environment">Null: of the repository.</param>
internal sealed record VariablesArgs(
    string Provider, RepositoryName Repository, string? Environment, IReadOnlyDictionary<string, string> Variables)
    : SettingArgs(Provider, Repository);

/// <summary>Sets variables for workflows.</summary>
internal sealed class VariablesEffect(GitHubClients clients) : SettingEffect<VariablesArgs, SettingApplied>(clients)
{
    public override string Kind => "github.variables";

    public override PlannedEffect Describe(VariablesArgs args) =>
        new("Store", "variables", $"{string.Join(", ", args.Variables.Keys)} of {Place(args)}", args.Provider);

    protected override async Task<SettingApplied> ApplyAsync(
        GitHubApi client, EffectContext context, VariablesArgs args, CancellationToken cancellation)
    {
        var there = await CurrentAsync(client, args, cancellation);
        foreach (var (name, value) in args.Variables)
        {
            if (!there.TryGetValue(name, out var current))
            {
                await CreateAsync(client, args, new NewVariable(name, value), cancellation);
            }
            else if (current != value)
            {
                await client.ChangeVariableAsync(
                    args.Repository, args.Environment, new NewVariable(name, value), cancellation);
            }
        }
        return new SettingApplied();
    }

    /// <summary>The values of those that are there.</summary>
    protected override async Task<string?> BeforeAsync(
        GitHubApi client, VariablesArgs args, CancellationToken cancellation)
    {
        var there = await CurrentAsync(client, args, cancellation);
        return new JsonObject(args.Variables.Keys.Where(
            there.ContainsKey).Select(n => KeyValuePair.Create(n, (JsonNode?)there[n]))).ToJsonString();
    }

    protected override UndoPreview Preview(string? before, VariablesArgs args, SettingApplied? result) =>
        UndoPreview.Goes(
            Read(before) is
            {
                Count: > 0,
            } earlier ? $"The variables of {Place(args)} are as before: "
                + $"{string.Join(", ", earlier.Select(e => e.Key))} get their old values, others go."
                : $"The variables {string.Join(", ", args.Variables.Keys)} of {Place(args)} are removed.");

    protected override async Task RestoreAsync(
        GitHubApi client, EffectContext context, VariablesArgs args, SettingApplied? result,
        CancellationToken cancellation)
    {
        var (there, before) = (await CurrentAsync(client, args, cancellation), Read(context.Before) ?? []);
        foreach (var (name, value) in args.Variables)
        {
            // What somebody has set since is theirs.
            if (!there.TryGetValue(name, out var current) || current != value) continue;
            if ((string?)before[name] is { } old)
            {
                await client.ChangeVariableAsync(
                    args.Repository, args.Environment, new NewVariable(name, old), cancellation);
            }
            else await client.RemoveVariableAsync(args.Repository, args.Environment, name, cancellation);
        }
    }

    /// <summary>One that a lost answer left behind is changed.</summary>
    private static async Task CreateAsync(
        GitHubApi client, VariablesArgs args, NewVariable variable, CancellationToken cancellation)
    {
        try
        {
            await client.CreateVariableAsync(args.Repository, args.Environment, variable, cancellation);
        }
        catch (ProviderException taken) when (taken.Error.Kind == ErrorKind.Conflict)
        {
            await client.ChangeVariableAsync(args.Repository, args.Environment, variable, cancellation);
        }
    }

    /// <summary>GitHub tells names in capitals, however they were given.</summary>
    private static async Task<Dictionary<string, string>> CurrentAsync(
        GitHubApi client, VariablesArgs args, CancellationToken cancellation)
    {
        try
        {
            return (await client.VariablesAsync(args.Repository, args.Environment, cancellation))
                .ToDictionary(v => v.Name, v => v.Value, StringComparer.OrdinalIgnoreCase);
        }
        catch (ProviderException missing) when (
            missing.Error.Kind == ErrorKind.NotFound && args.Environment is not null)
        {
            return new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        }
    }

    private static string Place(VariablesArgs args) =>
        args.Environment is null ? args.Repository.ToString() : $"{args.Environment} of {args.Repository}";
}
