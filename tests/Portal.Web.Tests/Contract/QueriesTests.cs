using System.Net;
using System.Text.Json.Nodes;
using Portal.Web.Tests.Requests;

namespace Portal.Web.Tests.Contract;

/// <summary>What each operation says of a query that it cannot read, and of one without its lists.</summary>
[Collection(ContractPortal.Name)]
public sealed class QueriesTests(LivePortal portal)
{
    private static readonly ApiDocument Document = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Numbers, yes or no, times and words: every parameter that not every text fits.</summary>
    public static TheoryData<string, string> Typed => new(
        from operation in Document.Operations
        from parameter in Queries(operation)
        where !Fits(parameter["schema"]!)
        select (operation.ToString(), NameOf(parameter)));

    public static TheoryData<string> WithLists => new(
        from operation in Document.Operations
        where Queries(operation).Any(IsList)
        select operation.ToString());

    [Theory]
    [MemberData(nameof(Typed))]
    public async Task Query_WithAValueThatDoesNotFit_IsRefusedByItsName(string operation, string name)
    {
        var (status, type, body) = await AskAsync(operation, $"{name}=n0t-one");

        Assert.Equal((HttpStatusCode.BadRequest, "application/problem+json"), (status, type));
        Assert.Contains($"'n0t-one' does not fit '{name}'", (string?)JsonNode.Parse(body)!["detail"],
            StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(WithLists))]
    public async Task Query_WithoutItsLists_IsTaken(string operation)
    {
        var (status, _, _) = await AskAsync(operation, "");

        Assert.Equal(HttpStatusCode.OK, status);
    }

    [Fact]
    public void Operations_HaveSuchParameters()
    {
        Assert.True(Typed.Count > 20, $"{Typed.Count} typed parameters");
        Assert.True(WithLists.Count > 2, $"{WithLists.Count} operations with lists");
    }

    private async Task<(HttpStatusCode, string?, string)> AskAsync(string operation, string query)
    {
        var asked = Document.Operations.Single(o => o.ToString() == operation);
        var path = string.Join('/', asked.Path.Split('/').Select(part => part.StartsWith('{') ? ValueOf(part) : part));
        var required = Queries(asked).Where(p => (bool?)p["required"] == true && !query.StartsWith(NameOf(p)))
            .Select(p => $"{NameOf(p)}=component:default/none");
        // Of the platform team, who may do everything.
        using var client = await portal.ClientAsync("chen");
        using var request = new HttpRequestMessage(
            new HttpMethod(asked.Method), $"{path}?{string.Join('&', required.Append(query))}");
        using var answer = await client.SendAsync(request, Cancellation);
        return (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType,
            await answer.Content.ReadAsStringAsync(Cancellation));
    }

    private static string ValueOf(string part) =>
        part is "{id}" ? "018f0000-0000-7000-8000-000000000001" : "none";

    private static IEnumerable<JsonObject> Queries(ApiOperation operation) =>
        (operation.Json["parameters"]?.AsArray() ?? []).Select(p => p!.AsObject())
            .Where(p => (string?)p["in"] == "query");

    private static string NameOf(JsonObject parameter) => (string)parameter["name"]!;

    private static bool IsList(JsonObject parameter) => TypesOf(parameter["schema"]!).Contains("array");

    /// <summary>Of a list, what its items say.</summary>
    private static bool Fits(JsonNode schema) => schema["items"] is { } item
        ? Fits(item)
        : TypesOf(schema).Contains("string") && schema["format"] is null && schema["enum"] is null;

    private static IEnumerable<string> TypesOf(JsonNode schema) => schema["type"] switch
    {
        JsonArray several => several.Select(t => (string)t!),
        JsonValue one => [(string)one!],
        _ => [],
    };
}
