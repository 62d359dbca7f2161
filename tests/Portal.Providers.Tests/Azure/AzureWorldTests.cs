using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Portal.TestKit.Azure;

namespace Portal.Providers.Tests.Azure;

/// <summary>The stand-in's own ways: it is as strict as what it stands for.</summary>
public sealed class AzureWorldTests : IAsyncLifetime
{
    private const string Group = $"/subscriptions/{AzureWorld.SubscriptionId}/resourceGroups/g";
    private const string Version = "?api-version=2022-09-01";

    private AzureWorld? started;
    private HttpClient? client;

    private AzureWorld World => started!;

    public async ValueTask InitializeAsync()
    {
        started = await AzureWorld.StartAsync();
        client = new HttpClient(World.TrustingHandler()) { BaseAddress = World.Address };
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials", ["client_id"] = AzureWorld.ClientId,
            ["client_secret"] = AzureWorld.ClientSecret, ["scope"] = "https://management.azure.com/.default",
        });
        using var answer =
            await client.PostAsync(new Uri($"/{AzureWorld.TenantId}/oauth2/v2.0/token", UriKind.Relative), form);
        var token = (await answer.Content.ReadFromJsonAsync<JsonObject>())!["access_token"]!.ToString();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    public async ValueTask DisposeAsync()
    {
        client!.Dispose();
        await World.DisposeAsync();
    }

    [Fact]
    public async Task Request_WithoutToken_IsRefused()
    {
        client!.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "made-up");
        Assert.Equal((401, "InvalidAuthenticationToken"), await SendAsync(HttpMethod.Get, Group + Version));
    }

    [Fact]
    public async Task Request_WithoutOrWithAWrongVersion_IsRefusedAndAViolation()
    {
        Assert.Equal((400, "MissingApiVersionParameter"), await SendAsync(HttpMethod.Get, Group));
        Assert.Equal(
            (400, "InvalidApiVersionParameter"), await SendAsync(HttpMethod.Get, Group + "?api-version=1999-01-01"));
        Assert.Equal(
            (400, "NoRegisteredProviderFound"),
            await SendAsync(HttpMethod.Get, Group + "/providers/Microsoft.App/containerApps/a?api-version=1999-01-01"));
        Assert.Equal(3, World.Violations.Count);
    }

    [Theory]
    [InlineData("""{ "tags": {} }""", "LocationRequired")]
    [InlineData("""{ "location": "westeurope", "tag": {} }""", "InvalidRequestContent")]
    [InlineData("""{ "location": "westeurope", "tags": { "a/b": "1" } }""", "InvalidTagNameCharacters")]
    [InlineData("""{ "location": "westeurope", "tags": { "a": 1 } }""", "InvalidTagValue")]
    public async Task PutGroup_WrongBody_IsRefused(
        string body, string code) => Assert.Equal((400, code), await SendAsync(HttpMethod.Put, Group + Version, body));

    [Fact]
    public async Task PutGroup_TooManyTags_IsRefused()
    {
        var tags =
            new JsonObject(Enumerable.Range(0, 51).Select(i => KeyValuePair.Create<string, JsonNode?>($"t{i}", "v")));
        Assert.Equal((400, "InvalidTags"), await SendAsync(
            HttpMethod.Put, Group + Version,
            new JsonObject { ["location"] = "westeurope", ["tags"] = tags }.ToJsonString()));
    }

    [Theory]
    [InlineData("\"location\": \"westeurope\",", "{}", "InvalidDeployment")]
    [InlineData("", "{ \"nobody\": { \"value\": 1 } }", "InvalidTemplate")]
    [InlineData("\"extra\": 1,", "{}", "InvalidRequestContent")]
    public async Task PutDeployment_WrongBody_IsRefused(string top, string parameters, string code)
    {
        World.AddGroup("g");
        var body = $$"""
            { {{top}} "properties": { "mode": "Incremental", "parameters": {{parameters}},
              "template": { "$schema": "x", "contentVersion": "1.0.0.0", "resources": [] } } }
            """;
        Assert.Equal(
            (400, code),
            await SendAsync(HttpMethod.Put, $"{Group}/providers/Microsoft.Resources/deployments/d{Version}", body));
    }

    [Theory]
    [InlineData("Microsoft.Unknown/things", "2024-03-01", "NoRegisteredProviderFound")]
    [InlineData("Microsoft.App/containerApps", "2000-01-01", "NoRegisteredProviderFound")]
    [InlineData("Microsoft.App/containerApps", "2024-03-01", "InvalidTemplate", "[variables('missing')]")]
    [InlineData("Microsoft.App/containerApps", "2024-03-01", "InvalidResourceName", "Upper_Case")]
    public async Task PutDeployment_WrongResource_IsRefused(
        string type, string version, string code, string name = "app")
    {
        World.AddGroup("g");
        var template = new JsonObject
        {
            ["$schema"] = "x", ["contentVersion"] = "1.0.0.0", ["resources"] = new JsonArray(new JsonObject
            {
                ["type"] = type, ["apiVersion"] = version, ["name"] = name, ["location"] = "westeurope"
            }),
        };
        var body =
            new JsonObject { ["properties"] = new JsonObject { ["mode"] = "Incremental", ["template"] = template } };
        Assert.Equal((400, code), await SendAsync(
            HttpMethod.Put, $"{Group}/providers/Microsoft.Resources/deployments/d{Version}", body.ToJsonString()));
    }

    [Fact]
    public async Task DeleteGroup_Locked_IsRefusedAndGoingTwiceIsAConflict()
    {
        World.AddGroup("g");
        const string url = Group + "/providers/Microsoft.Authorization/locks/l?api-version=2020-05-01";
        Assert.Equal(
            201, (await SendAsync(HttpMethod.Put, url, """{ "properties": { "level": "CanNotDelete" } }""")).Status);
        Assert.Equal((409, "ScopeLocked"), await SendAsync(HttpMethod.Delete, Group + Version));
        Assert.Equal(200, (await SendAsync(HttpMethod.Delete, url)).Status);
        World.Rules.DeleteTime = TimeSpan.FromSeconds(30);
        Assert.Equal(202, (await SendAsync(HttpMethod.Delete, Group + Version)).Status);
        Assert.Equal(
            (409, "ResourceGroupBeingDeleted"),
            await SendAsync(HttpMethod.Put, Group + Version, """{ "location": "westeurope" }"""));
    }

    [Fact]
    public async Task Client_ThatDoesNotTrustTheAuthority_DoesNotConnect()
    {
        using var stranger = new HttpClient();
        await Assert.ThrowsAsync<HttpRequestException>(() => stranger.GetAsync(World.Address));
        Assert.Contains(
            "BEGIN CERTIFICATE", await File.ReadAllTextAsync(World.CertificateFile), StringComparison.Ordinal);
    }

    private async Task<(int Status, string? Code)> SendAsync(HttpMethod method, string path, string? body = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        if (body is not null) request.Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var answer = await client!.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        var error = text.Length == 0 || answer.StatusCode == HttpStatusCode.Accepted
            ? null
            : JsonNode.Parse(text)?["error"]?["code"]?.ToString();
        return ((int)answer.StatusCode, error);
    }
}
