using System.Text.Json;
using System.Text.Json.Nodes;
using Azure;
using Azure.Core;
using Azure.Identity;
using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.Providers.Azure.Identity;

namespace Portal.Providers.Azure.Arm;

/// <summary>No exception of the SDK leaves the adapter: each becomes words that say what to change.</summary>
/// <param name="secrets">What no message may hold, whatever Azure echoes.</param>
internal sealed class ArmFailures(string instance, IReadOnlyList<string> secrets)
{
    private readonly FailureWords words = new(instance);

    /// <summary>Without the secrets of this instance.</summary>
    public string Clean(string text) => secrets.Where(s => s.Length >= 4)
        .Aggregate(text, (cleaned, secret) => cleaned.Replace(secret, "***", StringComparison.Ordinal));

    public Task<T> ReadAsync<T>(string what, Func<Task<T>> call) => GuardAsync(RequestMethod.Get, what, call);

    public async Task<T> GuardAsync<T>(RequestMethod method, string what, Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (RequestFailedException failure)
        {
            throw Of(failure, method, what);
        }
        catch (AuthenticationFailedException failure)
        {
            throw new ProviderException(SignInWords.Of(instance, failure), failure)
            {
                IsTransient = SignInWords.IsTransient(failure),
            };
        }
        catch (Exception failure) when (failure is JsonException or FormatException or KeyNotFoundException)
        {
            // The SDK could not read it: a proxy's page, or another thing than Resource Manager.
            throw new ProviderException(new Error(
                ErrorKind.Unavailable, "provider-answer-unreadable",
                $"{instance} answered {method} {what} with something that cannot be read. Check its address and what "
                + "stands between."), failure)
            {
                MayHaveHappened = method != RequestMethod.Get,
            };
        }
    }

    /// <summary>An error as Resource Manager writes it, of something that was followed to its end.</summary>
    public ProviderException Of(JsonObject? error, string otherwise)
    {
        var found = ArmError.Of(error) ?? new ArmError("", otherwise, []);
        return new ProviderException(words.Of(Clean(found), 0))
        {
            IsTransient = FailureWords.IsTransient(found), MayHaveHappened = true,
        };
    }

    private ProviderException Of(RequestFailedException failure, RequestMethod method, string what)
    {
        var response = failure.GetRawResponse();
        if (response is null)
        {
            return ProviderException.Transient(
                "provider-unreachable",
                $"{instance} cannot be reached for {method} {what}. Check its address and the network.",
                method != RequestMethod.Get, failure);
        }
        var error = ArmError.Read(response) is { } read
            ? Clean(read) : new ArmError("", $"{instance} answered {response.Status} to {method} {what}.", []);
        var changed = method != RequestMethod.Get
            && (response.Status >= 500 || response.Headers.Contains(ArmTransport.MayHaveHappened));
        if (response.Status == 429)
        {
            return ProviderException.Transient(
                "provider-rate-limited",
                $"{instance} takes no more calls for now (its rate limit){Seconds(response)}. Try again after that.",
                changed, failure);
        }
        if (response.Status >= 500)
        {
            return ProviderException.Transient(
                "provider-failed", $"{instance} answered {response.Status} to {method} {what}: {error.Message}",
                changed, failure);
        }
        return new ProviderException(words.Of(error, response.Status), failure)
        {
            IsTransient = FailureWords.IsTransient(error), MayHaveHappened = changed,
        };
    }

    private ArmError Clean(ArmError error) => error with { Message = Clean(error.Message) };

    private static string Seconds(Response response) =>
        response.Headers.TryGetValue("Retry-After", out var after) ? $": it asks for a pause of {after} s" : "";
}

/// <summary>The innermost of what Azure says: code and message, with what came beside it.</summary>
/// <param name="Policies">Names of the policies that refused.</param>
internal sealed record ArmError(string Code, string Message, IReadOnlyList<string> Policies)
{
    private const int MaxDepth = 8;

    public static ArmError? Read(Response response)
    {
        try
        {
            return response.Content.ToMemory().Length == 0
                ? null : Of((JsonNode.Parse(response.Content.ToMemory().Span) as JsonObject)?.Object("error"));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    public static ArmError? Of(JsonObject? error) => error is null ? null : Innermost(error, MaxDepth);

    private static ArmError Innermost(JsonObject error, int depth)
    {
        var inner = depth == 0 ? null
            : (error["details"] as JsonArray)?.OfType<JsonObject>()
                .FirstOrDefault(d => d.Text("message") is { Length: > 0 })
              ?? error.Object("error") ?? Written(error.Text("message"));
        if (inner is not null && Innermost(inner, depth - 1) is { Message.Length: > 0 } found)
        {
            return found.Policies.Count > 0 ? found : found with { Policies = PoliciesOf(error) };
        }
        return new ArmError(
            error.Text("code") ?? "", (error.Text("message") ?? "").ReplaceLineEndings(" ").Trim(), PoliciesOf(error));
    }

    /// <summary>Some services put their answer as JSON text into the message.</summary>
    private static JsonObject? Written(string? message)
    {
        if (message is null || !message.TrimStart().StartsWith('{')) return null;
        try
        {
            var written = JsonNode.Parse(message) as JsonObject;
            return written.Object("error") ?? (written.Text("message") is null ? null : written);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static List<string> PoliciesOf(JsonObject error) =>
    [
        .. (error["additionalInfo"] as JsonArray ?? []).OfType<JsonObject>()
            .Where(i => i.Text("type") == "PolicyViolation")
            .Select(i => i.Object("info")).Select(
                i => i.Text("policyDefinitionDisplayName") ?? i.Text("policyAssignmentDisplayName")
                ?? i.Text("policyDefinitionName")).OfType<string>(),
    ];
}
