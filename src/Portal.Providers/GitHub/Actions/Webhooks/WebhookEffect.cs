using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Portal.Core.Providers;
using Portal.Core.Runs;
using Portal.Core.Shared;
using Portal.Providers.GitHub.Actions.Shared;
using Portal.Providers.GitHub.Api;
using Portal.Providers.ActionBases;

namespace Portal.Providers.GitHub.Actions.Webhooks;

/// <param name="ContentType">form or json.</param>
/// <param name="Secret">Not in the journal.</param>
internal sealed record WebhookArgs(
    string Provider, RepositoryName Repository, string Url, IReadOnlyList<string> Events, bool Active,
    string ContentType, bool InsecureSsl, [property: JsonIgnore] string? Secret = null)
    : SettingArgs(Provider, Repository);

internal sealed record WebhookMade(long Id);

/// <summary>
/// Makes a webhook. Its address is what tells it from others: one that is there with that address is changed.
/// </summary>
internal sealed class WebhookEffect(GitHubClients clients) : SettingEffect<WebhookArgs, WebhookMade>(clients)
{
    public override string Kind => "github.webhook";

    public override PlannedEffect Describe(WebhookArgs args) =>
        new("Create", "webhook", $"to {Host(args)} of {args.Repository}", args.Provider);

    protected override async Task<WebhookMade> ApplyAsync(
        GitHubApi client, EffectContext context, WebhookArgs args, CancellationToken cancellation)
    {
        var hook = new NewHook(
            "web", new HookConfig(args.Url, args.ContentType, args.InsecureSsl ? "1" : "0", args.Secret), args.Events,
            args.Active);
        if (await FindAsync(client, args, null, cancellation) is not { } there)
        {
            return new WebhookMade((await client.CreateHookAsync(args.Repository, hook, cancellation)).Id);
        }
        await client.ChangeHookAsync(args.Repository, there.Id, hook with { Name = null }, cancellation);
        return new WebhookMade(there.Id);
    }

    /// <summary>
    /// The webhook with that address, without its secret, which GitHub does not tell; null when there is none.
    /// </summary>
    protected override async Task<string?> BeforeAsync(
        GitHubApi client, WebhookArgs args, CancellationToken cancellation) =>
        await FindAsync(client, args, null, cancellation) is not { } there ? null : new JsonObject
        {
            ["contentType"] = there.Config["content_type"]?.ToString() ?? "form",
            ["insecureSsl"] = there.Config["insecure_ssl"]?.ToString() ?? "0",
            ["events"] = new JsonArray([.. there.Events.Select(e => (JsonNode)e)]), ["active"] = there.Active,
        }.ToJsonString();

    protected override UndoPreview Preview(string? before, WebhookArgs args, WebhookMade? result) =>
        UndoPreview.Goes(before is null
            ? $"The webhook to {Host(args)} of {args.Repository} is removed."
            : $"The webhook to {Host(args)} of {args.Repository} tells what it told before. Its secret stays the new "
                + "one: GitHub does not tell the old.");

    protected override async Task RestoreAsync(
        GitHubApi client, EffectContext context, WebhookArgs args, WebhookMade? result, CancellationToken cancellation)
    {
        if (await FindAsync(client, args, result, cancellation) is not { } there) return;
        if (Read(context.Before) is not { } before)
        {
            await client.RemoveHookAsync(args.Repository, there.Id, cancellation);
            return;
        }
        var events = before["events"]!.AsArray().Select(e => e!.GetValue<string>()).ToList();
        var config = new HookConfig(there.Url, (string?)before["contentType"], (string?)before["insecureSsl"]);
        await client.ChangeHookAsync(
            args.Repository, there.Id, new NewHook(null, config, events, (bool)before["active"]!), cancellation);
    }

    /// <summary>By its id once that is known: the journal does not have an address that holds a secret.</summary>
    private static async Task<HookBody?> FindAsync(
        GitHubApi client, WebhookArgs args, WebhookMade? made, CancellationToken cancellation)
    {
        await foreach (var hook in client.HooksAsync(args.Repository, cancellation))
        {
            if (made is null ? hook.Url == args.Url : hook.Id == made.Id) return hook;
        }
        return null;
    }

    /// <summary>What is behind the host may be a secret, as in addresses of chat systems.</summary>
    private static string Host(WebhookArgs args) =>
        Uri.TryCreate(args.Url, UriKind.Absolute, out var uri) ? uri.Authority : "an address known after the run";
}
