namespace Portal.Providers.GitHub.Api.Wire;

/// <summary>
/// The instance's pipeline: limits, repetitions, what is known of the outcome, redirects, ETags. Octokit keeps its
/// handler for good, but the factory's are made anew from time to time.
/// </summary>
/// <param name="pipeline">The one of now.</param>
internal sealed class PipelineHandler(Func<HttpMessageHandler> pipeline) : HttpMessageHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        // It belongs to the factory.
        using var invoker = new HttpMessageInvoker(pipeline(), disposeHandler: false);
        return await invoker.SendAsync(request, cancellationToken);
    }
}
