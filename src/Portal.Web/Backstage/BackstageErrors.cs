using Portal.Core.Shared;
using Portal.Web.Shared;

namespace Portal.Web.Backstage;

/// <summary>Failures in the shape that Backstage's clients expect.</summary>
internal static class BackstageErrors
{
    public static IResult ToBackstage(this Error error, int? insteadStatus = null)
    {
        var status = insteadStatus ?? error.Status();
        // Wrong values of a form have a shape of their own there.
        if (error.Kind == ErrorKind.Invalid && error.Fields.Count > 0)
        {
            return Results.Json(
                new { errors = error.Fields.Select(f => new { path = Path(f.Path), property = "instance" + Path(
                    f.Path), message = f.Message, stack = $"instance{Path(f.Path)} {f.Message}" }) },
                statusCode: status);
        }
        return Results.Json(new
        {
            error = new { name = Name(error.Kind), message = error.Message }, response = new { statusCode = status }
        }, statusCode: status).After(error.RetryAfter);
    }

    private static string Path(string pointer) => pointer.Replace('/', '.');

    private static string Name(ErrorKind kind) => kind switch
    {
        ErrorKind.Invalid => "InputError",
        ErrorKind.Forbidden => "NotAllowedError",
        ErrorKind.NotFound => "NotFoundError",
        ErrorKind.Conflict => "ConflictError",
        ErrorKind.TooLarge => "PayloadTooLargeError",
        ErrorKind.TooMany => "TooManyRequestsError",
        _ => "ServiceUnavailableError",
    };
}
