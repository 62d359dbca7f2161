using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Portal.TestKit.GitHub;

/// <summary>Asks the world as it is, without any client of the product's: for tests that look behind one.</summary>
public sealed class GitHubCaller(GitHubWorld world, string? token = null) : IDisposable
{
    private readonly HttpClient http = new(new HttpClientHandler { AllowAutoRedirect = false })
    {
        BaseAddress = world.ApiAddress, DefaultRequestHeaders = { { "User-Agent", "tests" } }
    };

    public string? Token { get; set; } = token ?? world.Token;

    /// <param name="path">Below the API, without a slash in front.</param>
    public async Task<GitHubAnswer> SendAsync(
        string method, string path, JsonNode? body = null, string? accept = null, string? ifNoneMatch = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (Token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        request.Headers.TryAddWithoutValidation("Accept", accept ?? "application/vnd.github+json");
        if (ifNoneMatch is not null) request.Headers.TryAddWithoutValidation("If-None-Match", ifNoneMatch);
        if (body is not null) request.Content = JsonContent.Create(body);
        using var response = await http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        var isJson = response.Content.Headers.ContentType?.MediaType == "application/json";
        var headers = response.Headers.Concat(response.Content.Headers).ToDictionary(
            h => h.Key, h => string.Join(", ", h.Value), StringComparer.OrdinalIgnoreCase);
        return new GitHubAnswer((int)response.StatusCode, isJson ? JsonNode.Parse(text) : null, text, headers);
    }

    /// <summary>As <see cref="SendAsync"/>, and the status is 2xx or the test fails with the answer.</summary>
    public async Task<JsonNode> DoAsync(string method, string path, JsonNode? body = null)
    {
        var answer = await SendAsync(method, path, body);
        return answer.Status is >= 200 and < 300
            ? answer.Json ?? new JsonObject()
            : throw new InvalidOperationException($"{method} {path}: {answer.Status} {answer.Text}");
    }

    public Task<JsonNode> GetAsync(string path) => DoAsync("GET", path);

    public Task<JsonNode> PostAsync(string path, JsonNode? body = null) => DoAsync("POST", path, body);

    /// <summary>A JSON web token of the app.</summary>
    public static string Jwt(GitHubWorld world, DateTimeOffset now, TimeSpan? life = null, string? issuer = null)
    {
        using var key = RSA.Create();
        key.ImportFromPem(world.PrivateKeyPem);
        var claims = new JsonObject { ["iat"] = now.AddSeconds(-60).ToUnixTimeSeconds(), ["exp"] = now.Add(
            life ?? TimeSpan.FromMinutes(9)).ToUnixTimeSeconds(), ["iss"] = issuer ?? world.AppId };
        var text =
            $"{Encode("""{"alg":"RS256","typ":"JWT"}"""u8)}.{Encode(Encoding.UTF8.GetBytes(claims.ToJsonString()))}";
        return $"{text}.{Encode(key.SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))}";
    }

    /// <summary>A caller with a token of the installation in an organisation.</summary>
    public static async Task<GitHubCaller> OfInstallationAsync(
        GitHubWorld world, string organisation = "shop", DateTimeOffset? now = null)
    {
        var caller = new GitHubCaller(world, Jwt(world, now ?? DateTimeOffset.UtcNow));
        var made = await caller.PostAsync(
            $"app/installations/{world.Organisations[organisation].InstallationId}/access_tokens");
        caller.Token = made["token"]!.GetValue<string>();
        return caller;
    }

    public void Dispose() => http.Dispose();

    private static string Encode(ReadOnlySpan<byte> bytes) => System.Buffers.Text.Base64Url.EncodeToString(bytes);
}

/// <param name="Json">Null when the answer is none.</param>
public sealed record GitHubAnswer(int Status, JsonNode? Json, string Text, IReadOnlyDictionary<string, string> Headers);
