using Portal.Core.Shared;

namespace Portal.Web.Shared;

/// <summary>What a page that cannot be shown answers with, for scripts, crawlers and who follows a link.</summary>
internal static class PageStatus
{
    /// <param name="request">Null in a circuit: what was answered is answered.</param>
    public static void Answer(this HttpContext? request, Error? error)
    {
        if (error is not null && request is { Response.HasStarted: false })
        {
            request.Response.StatusCode = error.Status();
        }
    }
}
