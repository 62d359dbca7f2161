using System.Globalization;
using System.Net;
using System.Text.Json;
using Portal.Core.Providers;
using Portal.Core.Shared;

namespace Portal.Providers.Http;

/// <summary>Turns what went wrong with a call into what the portal knows.</summary>
internal static class Failures
{
    private const int MaxDetail = 300;

    /// <summary>No answer came, or the provider's limits kept the call from being sent.</summary>
    public static ProviderException WithoutAnswer(
        string instance, HttpRequestMessage request, Attempt last, ProviderCall call)
    {
        var what = $"{request.Method} {Redaction.Address(request)}";
        var reason = last.Reason is null ? "" : $" ({last.Reason.TrimEnd('.')})";
        return last.Outcome switch
        {
            AttemptOutcome.Limited => Transient("provider-rate-limited", Limited(instance, last.Pause)),
            AttemptOutcome.Unreachable => Transient(
                "provider-unreachable",
                $"{instance} cannot be reached for {what}{reason}. Check its address and the network."),
            AttemptOutcome.TimedOut =>
                Transient("provider-timeout", $"{instance} did not answer {what} in time.{Unknown(call)}"),
            AttemptOutcome.TooLarge => new ProviderException(new Error(
                ErrorKind.TooLarge, "provider-answer-too-large",
                $"The answer of {instance} to {what} is too large.{Unknown(call)}"))
            {
                MayHaveHappened = call.MayHaveHappened,
            },
            _ => Transient(
                "provider-connection-lost",
                $"The connection to {instance} ended before {what} was answered{reason}.{Unknown(call)}"),
        };

        ProviderException Transient(string code, string message) =>
            ProviderException.Transient(code, message, call.MayHaveHappened);
    }

    /// <summary>An answer that is no success.</summary>
    /// <param name="refusal">
    /// An adapter's own words for an answer of 4xx; null, or its null, leaves the general ones.
    /// </param>
    public static ProviderException Of(
        string instance, HttpRequestMessage request, HttpResponseMessage answer, string body, TimeProvider time,
        Func<ProviderRefusal, Error?>? refusal = null)
    {
        var call = ProviderCall.Of(request);
        var signals = RateSignals.Read(answer, time);
        var outcome = Attempt.OutcomeOf(answer, signals);
        if ((int)answer.StatusCode < 500 && !signals.IsRefusal && Own(request, answer, body, refusal) is { } own)
        {
            return new ProviderException(own) { MayHaveHappened = call.MayHaveHappened };
        }
        if (outcome == AttemptOutcome.Limited)
        {
            return ProviderException.Transient(
                "provider-rate-limited", Limited(instance, signals.Pause), call.MayHaveHappened);
        }
        var said = Detail(answer, body) is { } detail ? $": {new Redaction(request).Clean(detail)}" : ".";
        var message = $"{instance} answered {(int)answer.StatusCode} to {request.Method} "
            + $"{Redaction.Address(request)}{said}";
        if (outcome != AttemptOutcome.Failed)
        {
            return new ProviderException(Refusal(instance, answer.StatusCode, message))
            {
                MayHaveHappened = call.MayHaveHappened,
            };
        }
        return new ProviderException(new Error(ErrorKind.Unavailable, "provider-failed", message + Unknown(call)))
        {
            IsTransient = new Attempt(outcome, answer).IsTransient, MayHaveHappened = call.MayHaveHappened,
        };
    }

    private static Error? Own(
        HttpRequestMessage request, HttpResponseMessage answer, string body, Func<ProviderRefusal, Error?>? refusal) =>
        refusal?.Invoke(new ProviderRefusal(answer.StatusCode, new Redaction(request).Clean(body), answer.Headers));

    private static Error Refusal(string instance, HttpStatusCode status, string message) => status switch
    {
        HttpStatusCode.Unauthorized => Error.Forbidden(
            "provider-credentials", $"{message} Check the credentials of {instance} (Portal:Providers:{instance})."),
        HttpStatusCode.Forbidden =>
            Error.Forbidden("provider-forbidden", $"{message} The credentials of {instance} do not allow it."),
        HttpStatusCode.NotFound or HttpStatusCode.Gone => Error.NotFound("provider-not-found", message),
        HttpStatusCode.Conflict or HttpStatusCode.PreconditionFailed or HttpStatusCode.Locked =>
            Error.Conflict("provider-conflict", message),
        HttpStatusCode.RequestEntityTooLarge => new Error(ErrorKind.TooLarge, "provider-too-large", message),
        _ => Error.Invalid("provider-refused", message),
    };

    private static string Limited(string instance, TimeSpan? pause) => pause is { } span
        ? string.Create(
            CultureInfo.InvariantCulture,
            $"{instance} takes no more calls for {Math.Max(1, Math.Ceiling(span.TotalSeconds)):0} s (its rate limit). "
            + $"Try again after that.")
        : $"{instance} takes no more calls for now (its rate limit). Try again later.";

    private static string Unknown(ProviderCall call) =>
        call.MayHaveHappened ? " Whether it took effect is not known." : "";

    /// <summary>What the provider says about it, shortened; null when it says nothing that a person can read.</summary>
    private static string? Detail(HttpResponseMessage answer, string body)
    {
        var text = answer.Content.Headers.ContentType?.MediaType switch
        {
            { } json when json.EndsWith("json", StringComparison.OrdinalIgnoreCase) => JsonDetail(body),
            "text/plain" => body,
            _ => null,
        };
        text = text?.ReplaceLineEndings(" ").Trim();
        if (string.IsNullOrEmpty(text)) return null;
        return Words.Short(text, MaxDetail);
    }

    private static string? JsonDetail(string body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return Text(document.RootElement, "message", "error_description", "detail", "title", "error");
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? Text(JsonElement element, params ReadOnlySpan<string> names)
    {
        if (element.ValueKind != JsonValueKind.Object) return null;
        foreach (var name in names)
        {
            if (!element.TryGetProperty(name, out var value)) continue;
            if (value.ValueKind == JsonValueKind.String) return value.GetString();
            if (value.ValueKind == JsonValueKind.Object) return Text(value, "message");
        }
        return null;
    }
}
