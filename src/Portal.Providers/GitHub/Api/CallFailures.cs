using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.Providers.Http;

namespace Portal.Providers.GitHub.Api;

/// <summary>Turns Octokit's exceptions into what the portal knows: the one place that does.</summary>
internal sealed class CallFailures(string instance, RefusalWords words, TimeProvider time)
{
    public string Instance => instance;

    public ProviderException Of(CallScope scope)
    {
        // It did not like an answer of success.
        if (scope.Refused is not var (answer, body)) return Unreadable(scope);
        return Failures.Of(instance, scope.Request!, answer, body, time,
            refusal => scope.Call.Refusal?.Invoke(refusal) ?? words.Of(scope, refusal));
    }

    /// <summary>
    /// There is no answer where one must be, or one that cannot be read. Its text may hold anything: it is not
    /// repeated.
    /// </summary>
    public ProviderException Unreadable(CallScope scope)
    {
        var request = scope.Request!;
        return new ProviderException(new Error(ErrorKind.Unavailable, "provider-answer-unreadable",
            $"{instance} answered {request.Method} {Redaction.Address(request)} with something that cannot be read. "
            + "Check its address and version."))
        {
            MayHaveHappened = !ProviderCall.Of(request).IsRead,
        };
    }
}

/// <summary>Thrown where an answer is read, and told by <see cref="CallFailures"/>.</summary>
internal sealed class UnreadableAnswerException : Exception;
