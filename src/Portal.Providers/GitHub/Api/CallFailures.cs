using System.Text;
using Octokit;
using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.Providers.Http;

namespace Portal.Providers.GitHub.Api;

/// <summary>Turns Octokit's exceptions into what the portal knows: the one place that does.</summary>
internal sealed class CallFailures(string instance, RefusalWords words, TimeProvider time)
{
    public string Instance => instance;

    public ProviderException Of(CallScope scope, ApiException refused)
    {
        var (request, said) = (scope.Request!, refused.HttpResponse);
        using var answer = new HttpResponseMessage(said.StatusCode);
        foreach (var (name, value) in said.Headers) answer.Headers.TryAddWithoutValidation(name, value);
        var body = said.Body as string ?? "";
        answer.Content = new StringContent(body, Encoding.UTF8, said.ContentType ?? "application/octet-stream");
        return Failures.Of(instance, request, answer, body, time, refusal => scope.Call.Refusal?.Invoke(refusal) ?? words.Of(scope, refusal));
    }

    /// <summary>There is no answer where one must be, or one that cannot be read. Its text may hold anything: it is not repeated.</summary>
    public ProviderException Unreadable(CallScope scope)
    {
        var request = scope.Request!;
        return new ProviderException(new Error(ErrorKind.Unavailable, "provider-answer-unreadable",
            $"{instance} answered {request.Method} {Redaction.Address(request)} with something that cannot be read. Check its address and version."))
        {
            MayHaveHappened = !ProviderCall.Of(request).IsRead,
        };
    }
}

/// <summary>Thrown where an answer is read, and told by <see cref="CallFailures"/>.</summary>
internal sealed class UnreadableAnswerException : Exception;
