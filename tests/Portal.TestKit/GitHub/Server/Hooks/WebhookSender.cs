using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Portal.TestKit.GitHub.Server.Organisations;
using Portal.TestKit.GitHub.Server.Shapes;

namespace Portal.TestKit.GitHub.Server.Hooks;

/// <summary>Sends what happens to whoever has asked to hear of it, one after the other, signed.</summary>
internal sealed class WebhookSender : IAsyncDisposable
{
    private readonly WorldState state;
    private readonly AppIdentity app;
    private readonly Channel<Letter> letters = Channel.CreateUnbounded<Letter>();
    private readonly ConcurrentQueue<GitHubDelivery> deliveries = new();
    private readonly HttpClient http =
        new(new HttpClientHandler { AllowAutoRedirect = false }) { Timeout = TimeSpan.FromSeconds(10) };
    private readonly CancellationTokenSource ended = new();
    private readonly Task sending;
    private int waiting;

    public WebhookSender(WorldState state, AppIdentity app)
    {
        (this.state, this.app) = (state, app);
        state.Happenings.Told += Tell;
        sending = SendAllAsync();
    }

    /// <summary>Where the app hears of everything; null = nowhere.</summary>
    public Uri? AppAddress { get; set; }

    public IReadOnlyList<GitHubDelivery> Deliveries => [.. deliveries];

    /// <summary>Nothing is on its way.</summary>
    public bool IsIdle => Volatile.Read(ref waiting) == 0;

    /// <summary>Somebody wants to hear of it: what is told of a push takes many calls of git.</summary>
    public bool IsHeard(string name, StoredRepository repository) =>
        AppAddress is not null || Hooks(name, repository, repository.Organisation).Any();

    public Task<GitHubDelivery> RedeliverAsync(string id)
    {
        var before = deliveries.Last(d => d.Id == id);
        return SendAsync(
            new Letter(before.Id, before.Event, before.Address, before.Body, before.Signature, IsRedelivery: true));
    }

    /// <summary>To one hook only, such as the ping after it was made.</summary>
    public void Ping(JsonObject hook, StoredRepository? repository, GitHubOrganisation? organisation, string by)
    {
        var payload = new JsonObject
        {
            ["zen"] = "Keep it logically awesome.", ["hook_id"] = (long)hook["id"]!, ["hook"] = hook.DeepClone(),
            ["sender"] = UserShape.Simple(state, by)
        };
        if (repository is not null) payload["repository"] = RepositoryShape.Full(state, repository);
        Send(hook, "ping", Complete(payload, organisation));
    }

    public async ValueTask DisposeAsync()
    {
        letters.Writer.TryComplete();
        await ended.CancelAsync();
        await sending;
        http.Dispose();
        ended.Dispose();
    }

    private void Tell(string name, StoredRepository? repository, GitHubOrganisation? organisation, JsonObject payload)
    {
        var complete = Complete(payload, organisation);
        if (AppAddress is { } address && organisation is { IsInstalled: true, IsSuspended: false })
        {
            complete["installation"] = new JsonObject
            {
                ["id"] = organisation.InstallationId,
                ["node_id"] = UserShape.NodeId("Installation", organisation.InstallationId)
            };
            Send(address, app.WebhookSecret, name, complete.ToJsonString());
            complete.Remove("installation");
        }
        foreach (var hook in Hooks(name, repository, organisation)) Send(hook, name, complete);
    }

    private static IEnumerable<JsonObject> Hooks(
        string name, StoredRepository? repository, GitHubOrganisation? organisation) =>
        (repository?.All(Kinds.Hook) ?? []).Concat(organisation is null ? [] : organisation.Hooks.Values)
            .Where(hook => (bool)hook["active"]!
                && hook["events"]!.AsArray().Any(e => (string?)e == name || (string?)e == "*"));

    private JsonObject Complete(JsonObject payload, GitHubOrganisation? organisation)
    {
        if (organisation is not null) payload["organization"] = OrganisationRoutes.Simple(state, organisation);
        return payload;
    }

    private void Send(JsonObject hook, string name, JsonObject payload) =>
        Send(new Uri((string)hook["config"]!["url"]!), (string?)hook["_secret"], name, payload.ToJsonString());

    private void Send(Uri address, string? secret, string name, string body)
    {
        var signature = secret is null
            ? ""
            : $"sha256={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(body)))}";
        Interlocked.Increment(ref waiting);
        if (!letters.Writer.TryWrite(
            new Letter(Guid.NewGuid().ToString(), name, address, body, signature, IsRedelivery: false)))
        {
            Interlocked.Decrement(ref waiting);
        }
    }

    private async Task SendAllAsync()
    {
        await Task.Yield();
        try
        {
            await foreach (var letter in letters.Reader.ReadAllAsync(ended.Token))
            {
                await SendAsync(letter);
                Interlocked.Decrement(ref waiting);
            }
        }
        catch (OperationCanceledException)
        {
            // The world ends; nobody waits for the rest.
        }
    }

    private async Task<GitHubDelivery> SendAsync(Letter letter)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Post,
            letter.Address) { Content = new StringContent(letter.Body, Encoding.UTF8, "application/json") };
        request.Headers.TryAddWithoutValidation("User-Agent", "GitHub-Hookshot/tests");
        request.Headers.TryAddWithoutValidation("X-GitHub-Event", letter.Event);
        request.Headers.TryAddWithoutValidation("X-GitHub-Delivery", letter.Id);
        request.Headers.TryAddWithoutValidation("X-GitHub-Hook-ID", "1");
        if (letter.Signature.Length > 0)
        {
            request.Headers.TryAddWithoutValidation("X-Hub-Signature-256", letter.Signature);
        }
        var status = 0;
        try
        {
            using var response = await http.SendAsync(request, ended.Token);
            status = (int)response.StatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            // Kept as 0: nobody answered.
        }
        var delivery = new GitHubDelivery(
            letter.Id, letter.Event, (string?)JsonNode.Parse(letter.Body)!["action"], letter.Address, letter.Body,
            letter.Signature, status, letter.IsRedelivery);
        deliveries.Enqueue(delivery);
        return delivery;
    }

    private sealed record Letter(
        string Id, string Event, Uri Address, string Body, string Signature, bool IsRedelivery);
}
