using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Portal.Web.Tests.Contract;

/// <summary>Between a client and the portal: whatever is sent and answered has to be what the document says of
/// it.</summary>
internal sealed class HeldToTheDocument(ApiDocument document) : DelegatingHandler(new SocketsHttpHandler())
{
    private readonly ConcurrentBag<string> seen = [];

    /// <summary>Operation and status of all that was answered.</summary>
    public IReadOnlyCollection<string> Seen => seen;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request,
        CancellationToken cancellationToken)
    {
        var operation = document.Find(request.Method.Method, request.RequestUri!.AbsolutePath);
        var answer = await base.SendAsync(request, cancellationToken);
        var status = ((int)answer.StatusCode).ToString(CultureInfo.InvariantCulture);
        seen.Add($"{operation.Id} {status}");
        Assert.True(operation.Responses.ContainsKey(status),
            $"{operation} answered {status}, of which the document does not tell.");
        var text = await answer.Content.ReadAsStringAsync(cancellationToken);
        if (operation.SchemaOf(status) is not { } schema) Assert.Equal("", text);
        else if (answer.Content.Headers.ContentType?.MediaType == "text/event-stream") Judge(operation, status, schema,
            Events(text));
        else Judge(operation, status, schema, [JsonNode.Parse(text)]);
        Assert.Contains(answer.Content.Headers.ContentType?.MediaType ?? "", Media(operation, status));
        return answer;
    }

    private void Judge(ApiOperation operation, string status, JsonNode schema, IEnumerable<JsonNode?> messages)
    {
        foreach (var message in messages)
        {
            var faults = document.Faults(schema, message);
            Assert.True(faults.Count == 0,
                $"{operation} {status}: {string.Join("; ", faults)} in {message?.ToJsonString()}");
        }
    }

    private static IEnumerable<string> Media(ApiOperation operation, string status) =>
        operation.Responses[status]!["content"]?.AsObject().Select(c => c.Key) ?? [""];

    private static IEnumerable<JsonNode?> Events(string text) =>
        text.Split('\n').Where(l => l.StartsWith("data:", StringComparison.Ordinal))
            .Select(l => JsonNode.Parse(l["data:".Length..]));
}
