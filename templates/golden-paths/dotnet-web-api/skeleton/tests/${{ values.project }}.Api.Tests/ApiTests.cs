using System.Net;
using System.Net.Http.Json;
using System.Text.Encodings.Web;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Mvc.Testing;
using ${{ values.project }}.Api.Greetings;

namespace ${{ values.project }}.Api.Tests;

public sealed class ApiTests(WebApplicationFactory<Program> factory) : IClassFixture<WebApplicationFactory<Program>>
{
    private readonly HttpClient _client = factory.CreateClient();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task LandingPage_Always_ShowsNameAndGreeting()
    {
        var response = await _client.GetAsync("/", Cancellation);
        var page = await response.Content.ReadAsStringAsync(Cancellation);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Contains("<h1>${{ values.name }}</h1>", page, StringComparison.Ordinal);
        Assert.Contains(HtmlEncoder.Default.Encode(Greeting.Word), page, StringComparison.Ordinal);
        Assert.Contains("default-src 'none'", response.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Ada")]
    [InlineData("Jean-Luc O'Neill")]
    public async Task GetGreeting_Name_GreetsByName(string name)
    {
        var greeting = await _client.GetFromJsonAsync<Greeting>($"/api/v1/greetings/{Uri.EscapeDataString(name)}", Cancellation);

        Assert.Equal($"{Greeting.Word}, {name}.", greeting?.Message);
    }

    [Theory]
    [InlineData("<script>")]
    [InlineData("Ada\n")]
    [InlineData("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx")]
    public async Task GetGreeting_NotAName_AnswersWithTheField(string name)
    {
        var response = await _client.GetAsync($"/api/v1/greetings/{Uri.EscapeDataString(name)}", Cancellation);
        var problem = await response.Content.ReadFromJsonAsync<JsonObject>(Cancellation);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.NotNull(problem?["errors"]?["name"]);
    }

    [Fact]
    public async Task UnknownAddress_Always_AnswersProblemDetails()
    {
        var response = await _client.GetAsync("/nothing", Cancellation);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    [Theory]
    [InlineData("/livez")]
    [InlineData("/readyz")]
    public async Task HealthCheck_Running_Answers200(string address) =>
        Assert.Equal(HttpStatusCode.OK, (await _client.GetAsync(address, Cancellation)).StatusCode);

    /// <summary>openapi.json is what others build against. A change of the API is made there too, so that a review sees it.</summary>
    [Fact]
    public async Task ApiDescription_Always_IsTheCommittedOne()
    {
        var served = JsonNode.Parse(await _client.GetStringAsync("/openapi/v1.json", Cancellation));
        var committed = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "openapi.json"), Cancellation));

        Assert.True(JsonNode.DeepEquals(served, committed), $"openapi.json is not what the service serves. If the change is meant, write this to it:\n{served}");
    }
}
