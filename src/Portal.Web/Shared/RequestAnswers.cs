using System.Text.Encodings.Web;
using Portal.Core.Shared;
using Portal.Web.Backstage;

namespace Portal.Web.Shared;

/// <summary>
/// An error in the shape that its caller understands: problem details, Backstage's own, a line for Git, a page for a
/// browser.
/// </summary>
internal static class RequestAnswers
{
    private static readonly PathString Scaffolder = "/api/scaffolder";
    private static readonly PathString Catalog = "/api/catalog";
    private static readonly PathString Api = "/api";
    private static readonly PathString Git = "/git";

    public static IResult Of(HttpRequest request, Error error, int? status = null)
    {
        if (request.Path.StartsWithSegments(Scaffolder) || request.Path.StartsWithSegments(Catalog))
        {
            return error.ToBackstage(status);
        }
        if (request.Path.StartsWithSegments(Git))
        {
            return Results.Text(error.Message + "\n", statusCode: status ?? error.Status()).After(error.RetryAfter);
        }
        return !request.Path.StartsWithSegments(Api)
            && request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal)
            ? Results.Content(Page(error.Message), "text/html; charset=utf-8", statusCode: status ?? error.Status())
                .After(error.RetryAfter)
            : error.ToProblem(status);
    }

    /// <summary>Needs nothing of the portal: it is shown when something of it fails.</summary>
    private static string Page(string message) => $"""
        <!DOCTYPE html>
        <html lang="en"><head><meta charset="utf-8" /><title>Portal</title></head>
        <body><main><h1>This did not work</h1><p>{HtmlEncoder.Default.Encode(message)}</p><p><a href="/">To the portal's first page</a></p></main></body></html>
        """;
}
