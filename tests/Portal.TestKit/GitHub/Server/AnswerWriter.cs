using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Portal.TestKit.GitHub.Description;

namespace Portal.TestKit.GitHub.Server;

/// <summary>
/// Sends an answer with the headers that GitHub gives each, and notes where the world does not keep to the description.
/// </summary>
internal sealed class AnswerWriter(HttpContext context, WorldState state, GitHubLimits limits)
{
    private static readonly JsonSerializerOptions Plain =
        new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public async Task WriteAsync(ApiOperation? operation, Answer answer)
    {
        if (operation is not null) Check(operation, answer);
        var bytes = answer.Raw ?? (answer.Body is null ? [] : JsonSerializer.SerializeToUtf8Bytes(answer.Body, Plain));
        var response = context.Response;
        var status = answer.Status;
        if (answer.Status == 200 && HttpMethods.IsGet(context.Request.Method))
        {
            var tag = $"W/\"{Convert.ToHexStringLower(SHA256.HashData(bytes))}\"";
            response.Headers.ETag = tag;
            if (context.Request.Headers.IfNoneMatch.Contains(tag))
            {
                limits.GiveBack();
                (status, bytes) = (304, []);
            }
        }
        AddHeaders(response, answer);
        response.StatusCode = status;
        if (status is 204 or 304 || bytes.Length == 0) return;
        response.ContentType = answer.ContentType ?? "application/json; charset=utf-8";
        response.ContentLength = bytes.Length;
        await response.Body.WriteAsync(bytes);
    }

    private void AddHeaders(HttpResponse response, Answer answer)
    {
        response.Headers["X-GitHub-Media-Type"] = "github.v3; format=json";
        response.Headers["x-github-api-version-selected"] = "2022-11-28";
        response.Headers["x-ratelimit-limit"] = limits.Limit.ToString();
        response.Headers["x-ratelimit-remaining"] = limits.Remaining.ToString();
        response.Headers["x-ratelimit-used"] = limits.Used.ToString();
        response.Headers["x-ratelimit-reset"] = limits.Reset.ToUnixTimeSeconds().ToString();
        response.Headers["x-ratelimit-resource"] = "core";
        foreach (var (name, value) in answer.Headers) response.Headers[name] = value;
    }

    private void Check(ApiOperation operation, Answer answer)
    {
        if (answer.Status is < 200 or >= 300 || answer.Raw is not null) return;
        if (!operation.HasAnswer(answer.Status))
        {
            state.Mistakes.Enqueue($"{operation.Name}: {answer.Status} is not described");
        }
        // As it is sent: numbers and texts that were put together here have no kind of their own yet.
        if (answer.Body is not null && operation.Answer(answer.Status) is { } schema)
        {
            foreach (var error in schema.Validate(JsonNode.Parse(answer.Body.ToJsonString())))
            {
                state.Mistakes.Enqueue(
                    $"{operation.Name} {answer.Status}{error.InstancePath}: {error.Message}{(error.Property is null ? "" : $" ({error.Property})")}");
            }
        }
    }
}
