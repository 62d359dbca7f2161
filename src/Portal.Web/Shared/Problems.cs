using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Portal.Core.Shared;

namespace Portal.Web.Shared;

/// <summary>The one place where expected failures become HTTP: problem details (RFC 9457).</summary>
internal static class Problems
{
    public static int Status(this Error error) => error.Kind switch
    {
        ErrorKind.Invalid => StatusCodes.Status400BadRequest,
        ErrorKind.Forbidden => StatusCodes.Status403Forbidden,
        ErrorKind.NotFound => StatusCodes.Status404NotFound,
        ErrorKind.Conflict => StatusCodes.Status409Conflict,
        ErrorKind.TooLarge => StatusCodes.Status413PayloadTooLarge,
        ErrorKind.TooMany => StatusCodes.Status429TooManyRequests,
        _ => StatusCodes.Status502BadGateway,
    };

    /// <param name="status">Where another one says it better than that of the error's kind.</param>
    public static Problem ToProblem(this Error error, int? status = null) => new(TypedResults.Problem(
        error.Message, statusCode: status ?? error.Status(), title: Title(error.Kind), type: $"urn:portal:{error.Code}",
        extensions: error.Fields.Count == 0
            ? new Dictionary<string, object?> { ["code"] = error.Code }
            : new Dictionary<string, object?> { ["code"] = error.Code, ["errors"] = error.Fields }), error.RetryAfter);

    /// <summary>The answer, with the time after which it is worth to ask again.</summary>
    public static IResult After(this IResult answer, TimeSpan? wait) =>
        wait is { } time ? new RetryLater(answer, time) : answer;

    private static string Title(ErrorKind kind) => kind switch
    {
        ErrorKind.Invalid => "The request has mistakes",
        ErrorKind.Forbidden => "Not allowed",
        ErrorKind.NotFound => "Not found",
        ErrorKind.Conflict => "Not possible now",
        ErrorKind.TooLarge => "Too large",
        ErrorKind.TooMany => "Too many at once",
        _ => "Something outside failed",
    };

    private sealed class RetryLater(IResult answer, TimeSpan wait) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.Headers.RetryAfter =
                Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
            return answer.ExecuteAsync(httpContext);
        }
    }
}

/// <summary>
/// The failure of an operation as <c>Results&lt;…&gt;</c> take it: problem details, with the time to wait where there
/// is one.
/// </summary>
internal sealed class Problem(ProblemHttpResult details, TimeSpan? wait) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext) => details.After(wait).ExecuteAsync(httpContext);
}
