using System.Diagnostics;
using Portal.Core.Data;
using Portal.Core.Shared;
using Portal.Web.Shared;

namespace Portal.Web.Hosting;

/// <summary>
/// Around all requests, in every environment: what cannot be taken is refused in words, and what fails is told in the
/// log alone. An answer never holds a stack trace, a type of ours, or what the caller sent in its headers.
/// </summary>
internal sealed partial class RequestFailures(RequestDelegate next, ILogger<RequestFailures> logger)
{
    private const int ClientLeft = 499;

    public async Task InvokeAsync(HttpContext context)
    {
        Harden(context.Response.Headers);
        try
        {
            if (RequestText.Problem(
                context) is { } problem) await RequestAnswers.Of(context.Request, problem).ExecuteAsync(context);
            else await next(context);
        }
        catch (Exception e)
        {
            await AnswerAsync(context, e);
        }
    }

    /// <summary>
    /// Pages of other origins, an environment's say, neither frame what is here nor read it in as something else.
    /// </summary>
    private static void Harden(IHeaderDictionary headers)
    {
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "SAMEORIGIN";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Referrer-Policy"] = "same-origin";
    }

    private async Task AnswerAsync(HttpContext context, Exception failure)
    {
        if (context.RequestAborted.IsCancellationRequested && failure is OperationCanceledException or IOException)
        {
            if (!context.Response.HasStarted) context.Response.StatusCode = ClientLeft;
            return;
        }
        var (error, status) = Tell(context, failure);
        if (context.Response.HasStarted)
        {
            // Half an answer must not look like a whole one.
            context.Abort();
            return;
        }
        context.Response.Clear();
        Harden(context.Response.Headers);
        await RequestAnswers.Of(context.Request, error, status).ExecuteAsync(context);
    }

    private (Error Error, int? Status) Tell(HttpContext context, Exception failure)
    {
        if (BadRequests.Describe(failure) is { } wrong)
        {
            return (wrong, failure is BadHttpRequestException { StatusCode: >= 400 and < 500 } bad
                ? bad.StatusCode
                : null);
        }
        var id = Activity.Current?.TraceId.ToString() ?? context.TraceIdentifier;
        LogFailure(
            logger, context.Request.Method, context.GetEndpoint()?.DisplayName ?? "an unknown address", id, failure);
        return DatabaseTrouble.Is(failure)
            ? (new Error(
                ErrorKind.Unavailable, "database-away", "The portal's database does not answer. Try again in a moment.")
            {
                RetryAfter = TimeSpan.FromSeconds(5)
            }, StatusCodes.Status503ServiceUnavailable)
            : (new Error(
                ErrorKind.Unavailable, "failed",
                $"Something failed in the portal. Nothing of what you sent is wrong; if it stays, tell whoever runs it this number: {id}."), StatusCodes.Status500InternalServerError);
    }

    // The endpoint, not the address: that may hold what nobody should read in a log.
    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Endpoint} failed ({Id})")]
    private static partial void LogFailure(
        ILogger logger, string method, string endpoint, string id, Exception failure);
}
