namespace Portal.Providers.GitHub.Api;

/// <summary>
/// The call under way, for the handlers below Octokit: its methods take neither an account nor, most of them, a
/// cancellation. It flows with the asynchronous work that a call starts, and ends with it.
/// </summary>
internal sealed class CallScope
{
    private static readonly AsyncLocal<CallScope?> UnderWay = new();

    private CallScope(GitHubCall call, CancellationToken cancellation) => (Call, Cancellation) = (call, cancellation);

    /// <exception cref="InvalidOperationException">Octokit is called past <see cref="GitHubApi"/>: nobody says as
    /// whom.</exception>
    public static CallScope Current => UnderWay.Value
        ?? throw new InvalidOperationException("GitHub is called outside of GitHubApi.CallAsync.");

    public GitHubCall Call { get; }

    public CancellationToken Cancellation { get; }

    /// <summary>What was sent last; null before anything was.</summary>
    public HttpRequestMessage? Request { get; set; }

    /// <summary>The answer to it when it is no success; Octokit's exceptions do not always have it.</summary>
    public RefusedAnswer? Refused { get; set; }

    /// <summary>For the rest of the caller, which is an <c>async</c> method.</summary>
    public static CallScope Begin(GitHubCall call, CancellationToken cancellation) =>
        UnderWay.Value = new CallScope(call, cancellation);
}

/// <param name="Answer">Without its body.</param>
internal sealed record RefusedAnswer(HttpResponseMessage Answer, string Body);
