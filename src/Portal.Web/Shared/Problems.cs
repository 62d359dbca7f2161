using System.Globalization;
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
    public static IResult ToProblem(this Error error, int? status = null) => Results.Problem(
        error.Message, statusCode: status ?? error.Status(), title: Title(error.Kind), type: $"urn:portal:{error.Code}",
        extensions: error.Fields.Count == 0
            ? new Dictionary<string, object?> { ["code"] = error.Code }
            : new Dictionary<string, object?> { ["code"] = error.Code, ["errors"] = error.Fields }).After(error.RetryAfter);

    /// <summary>The answer, with the time after which it is worth to ask again.</summary>
    public static IResult After(this IResult answer, TimeSpan? wait) => wait is { } time ? new RetryLater(answer, time) : answer;

    /// <summary>200 with the value, or the problem.</summary>
    public static IResult ToOk<T>(this Result<T> result) => result.TryGet(out var value, out var error) ? Results.Ok(value) : error.ToProblem();

    /// <summary>200 with what is made of the value, or the problem.</summary>
    public static IResult ToOk<T, TShown>(this Result<T> result, Func<T, TShown> show) =>
        result.TryGet(out var value, out var error) ? Results.Ok(show(value)) : error.ToProblem();

    /// <summary>204, or the problem.</summary>
    public static IResult ToNoContent<T>(this Result<T> result) => result.Error is { } error ? error.ToProblem() : Results.NoContent();

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
            httpContext.Response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
            return answer.ExecuteAsync(httpContext);
        }
    }
}
