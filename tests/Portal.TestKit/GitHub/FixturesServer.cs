using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Portal.TestKit.GitHub;

/// <summary>
/// Plays back what the real GitHub once answered (<c>@octokit/fixtures</c>). A scenario answers each of its requests
/// once, in their order, and wants the headers of the recording: <see cref="Authorization"/> and <see cref="Accept"/>.
/// </summary>
public sealed class FixturesServer : IAsyncDisposable
{
    public const string Authorization = "token 0000000000000000000000000000000000000001";
    public const string Accept = "application/vnd.github.v3+json";

    private readonly NodeServer server;

    private FixturesServer(NodeServer server) => this.server = server;

    public static async Task<FixturesServer> StartAsync() =>
        new(await NodeServer.StartAsync("octokit-fixtures-server", port => ["--port", port.ToString()]));

    /// <param name="scenario">Such as <c>get-repository</c>.</param>
    /// <returns>The address to use in place of <c>https://api.github.com</c>, with a slash at the end.</returns>
    public async Task<Uri> LoadAsync(string scenario)
    {
        using var http = new HttpClient();
        using var answer = await http.PostAsJsonAsync(new Uri(server.Address, "fixtures"), new { scenario });
        answer.EnsureSuccessStatusCode();
        var made = await answer.Content.ReadFromJsonAsync<JsonNode>();
        var path = new Uri((string)made!["url"]!).AbsolutePath;
        return new Uri(server.Address, path.TrimEnd('/') + "/");
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();
}
