using System.Text.Json.Nodes;
using Portal.Core.Providers;
using Portal.Core.Runs;
using Portal.Core.Shared;
using Portal.Providers.GitHub.Actions.Shared;
using Portal.Providers.GitHub.Api;
using Portal.Providers.ActionBases;

namespace Portal.Providers.GitHub.Actions.Issues;

/// <param name="Number">Of an issue or a pull request.</param>
internal sealed record LabelsArgs(
    string Provider, RepositoryName Repository, long Number,
    IReadOnlyList<string> Labels) : SettingArgs(Provider, Repository);

/// <summary>Adds labels to an issue or a pull request.</summary>
internal sealed class LabelsEffect(GitHubClients clients) : SettingEffect<LabelsArgs, SettingApplied>(clients)
{
    public override string Kind => "github.issue-labels";

    public override PlannedEffect Describe(LabelsArgs args) =>
        new("Add", "labels", $"{string.Join(", ", args.Labels)} to #{args.Number} of {args.Repository}", args.Provider);

    protected override async Task<SettingApplied> ApplyAsync(
        GitHubApi client, EffectContext context, LabelsArgs args, CancellationToken cancellation)
    {
        await client.AddLabelsAsync(args.Repository, args.Number, args.Labels, cancellation);
        return new SettingApplied();
    }

    /// <summary>Those that it has.</summary>
    protected override async Task<string?> BeforeAsync(
        GitHubApi client, LabelsArgs args, CancellationToken cancellation) =>
        new JsonObject
        {
            ["labels"] = new JsonArray(
                [.. (await client.LabelsAsync(args.Repository, args.Number, cancellation)).Select(l => (JsonNode)l)]),
        }.ToJsonString();

    protected override UndoPreview Preview(string? before, LabelsArgs args, SettingApplied? result) =>
        Added(before, args) is { Count: > 0 } added
        ? UndoPreview.Goes(
            $"The labels {string.Join(", ", added)} are taken from #{args.Number} of {args.Repository}; those that "
            + "GitHub made for it stay in the repository.")
        : UndoPreview.Stays($"#{args.Number} of {args.Repository} had these labels before.");

    protected override async Task RestoreAsync(
        GitHubApi client, EffectContext context, LabelsArgs args, SettingApplied? result,
        CancellationToken cancellation)
    {
        var added = Added(context.Before, args).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var now = await client.LabelsAsync(args.Repository, args.Number, cancellation);
        if (now.Any(added.Contains))
        {
            await client.SetLabelsAsync(
                args.Repository, args.Number, [.. now.Where(l => !added.Contains(l))], cancellation);
        }
    }

    private static IReadOnlyList<string> Added(string? before, LabelsArgs args)
    {
        var had = (Read(before)?["labels"] as JsonArray ?? []).Select(l => l!.GetValue<string>())
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        return [.. args.Labels.Where(l => !had.Contains(l))];
    }
}
