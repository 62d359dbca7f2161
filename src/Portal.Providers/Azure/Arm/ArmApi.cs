using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.ResourceManager;

namespace Portal.Providers.Azure.Arm;

/// <param name="AsyncOperation">Where the state of what was begun is told.</param>
/// <param name="RetryAfter">How long Azure wants to be left alone before the next look.</param>
internal sealed record ArmAnswer(int Status, JsonObject Body, Uri? AsyncOperation, Uri? Location, TimeSpan? RetryAfter);

/// <summary>
/// Resource Manager with one identity: the SDK's client, and through its pipeline (sign-in, cloud, user agent) those
/// calls that its types do not have.
/// </summary>
internal sealed class ArmApi
{
    private readonly Pipe pipe;

    public ArmApi(string instance, string subscription, ArmClient client, ArmFailures failures)
    {
        (Instance, Subscription, Client, Failures) = (instance, subscription, client, failures);
        pipe = new Pipe(client, new ResourceIdentifier($"/subscriptions/{subscription}"));
    }

    public string Instance { get; }

    /// <summary>Its id.</summary>
    public string Subscription { get; }

    public ArmClient Client { get; }

    public ArmFailures Failures { get; }

    public string SubscriptionPath => $"/subscriptions/{Subscription}";

    public string GroupPath(string group) => $"{SubscriptionPath}/resourceGroups/{group}";

    /// <param name="path">With or without a query of its own.</param>
    public Task<ArmAnswer> GetAsync(string path, string version, CancellationToken cancellation) =>
        SendAsync(RequestMethod.Get, path, version, null, cancellation);

    public async Task<JsonObject?> FindAsync(string path, string version, CancellationToken cancellation)
    {
        try
        {
            return (await GetAsync(path, version, cancellation)).Body;
        }
        catch (Core.Providers.ProviderException missing) when (missing.Error.Kind == Core.Shared.ErrorKind.NotFound)
        {
            return null;
        }
    }

    public Task<ArmAnswer> SendAsync(
        RequestMethod method, string path, string version, JsonNode? body, CancellationToken cancellation) =>
        SendAsync(method, AddressOf(path, version), body, cancellation);

    /// <summary>All pages of a list.</summary>
    public async IAsyncEnumerable<JsonObject> ListAsync(
        string path, string version,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        var next = AddressOf(path, version);
        while (next is not null)
        {
            var page = (await SendAsync(RequestMethod.Get, next, null, cancellation)).Body;
            foreach (var item in (page["value"] as JsonArray ?? []).OfType<JsonObject>()) yield return item;
            next = page.Text("nextLink") is { Length: > 0 } link ? new Uri(link) : null;
        }
    }

    public Task<ArmAnswer> SendAsync(RequestMethod method, Uri address, JsonNode? body, CancellationToken cancellation)
    {
        // The token goes to Resource Manager alone, whatever an answer names as the next address.
        if (address.Authority != pipe.Address.Authority || address.Scheme != Uri.UriSchemeHttps)
        {
            throw new Core.Providers.ProviderException(new Core.Shared.Error(
                Core.Shared.ErrorKind.Unavailable, "azure-foreign-address",
                $"{Instance} names an address of another host ({address.Host}). It was not called."));
        }
        return Failures.GuardAsync(method, address.AbsolutePath, () => OnceAsync(method, address, body, cancellation));
    }

    private async Task<ArmAnswer> OnceAsync(
        RequestMethod method, Uri address, JsonNode? body, CancellationToken cancellation)
    {
        using var message = pipe.Http.CreateMessage();
        message.Request.Method = method;
        message.Request.Uri.Reset(address);
        message.Request.Headers.Add("Accept", "application/json");
        if (body is not null)
        {
            message.Request.Headers.Add("Content-Type", "application/json");
            message.Request.Content = RequestContent.Create(JsonSerializer.SerializeToUtf8Bytes(body));
        }
        await pipe.Http.SendAsync(message, cancellation);
        var response = message.Response;
        if (response.IsError) throw new RequestFailedException(response);
        return new ArmAnswer(
            response.Status, Read(response), Address(response, "Azure-AsyncOperation"), Address(response, "Location"),
            RetryAfter(response));
    }

    private Uri AddressOf(string path, string version) =>
        new(pipe.Address, $"{path}{(path.Contains('?') ? '&' : '?')}api-version={version}");

    private static JsonObject Read(Response response)
    {
        if (response.ContentStream is null || response.Content.ToMemory().Length == 0) return [];
        try
        {
            return JsonNode.Parse(response.Content.ToMemory().Span) as JsonObject ?? [];
        }
        catch (JsonException)
        {
            return [];
        }
    }

    private Uri? Address(Response response, string header) =>
        response.Headers.TryGetValue(header, out var text) && Uri.TryCreate(pipe.Address, text, out var address)
        ? address : null;

    private static TimeSpan? RetryAfter(Response response) =>
        response.Headers.TryGetValue("Retry-After", out var text)
            && int.TryParse(text, CultureInfo.InvariantCulture, out var seconds) && seconds >= 0
            ? TimeSpan.FromSeconds(Math.Min(seconds, 300)) : null;

    /// <summary>The SDK shows its pipeline to its own kind only.</summary>
    private sealed class Pipe(ArmClient client, ResourceIdentifier id) : ArmResource(client, id)
    {
        public HttpPipeline Http => Pipeline;

        public Uri Address => Endpoint;
    }
}

internal static class ArmJson
{
    public static string? Text(this JsonObject? node, string name) =>
        node?[name] is JsonValue value ? value.ToString() : null;

    public static JsonObject? Object(this JsonObject? node, string name) => node?[name] as JsonObject;

    public static string? ProvisioningState(this JsonObject? node) =>
        node.Object("properties").Text("provisioningState");
}
