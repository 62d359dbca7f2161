using System.Text.Json;
using System.Text.RegularExpressions;
using Portal.Core.Shared;
using Portal.Web.Backstage;
using Portal.Web.Governance;

namespace Portal.Web.Shared;

/// <summary>
/// What of <c>/api</c> no endpoint can take: a body that is no JSON, a query that does not fit, an address that is not there. They get
/// the same shapes as every other error, in every environment: never a page, never what the server knows of itself.
/// </summary>
internal static partial class BadRequests
{
    private static readonly PathString Api = "/api";
    private static readonly PathString Scaffolder = "/api/scaffolder";
    private static readonly PathString Catalog = "/api/catalog";

    private static readonly Error NotJson = Error.Invalid("not-json", "Send JSON, with the header 'Content-Type: application/json'.");

    public static void AddBadRequests(this IServiceCollection services) => services.Configure<RouteHandlerOptions>(o => o.ThrowOnBadRequest = true);

    public static void UseBadRequests(this WebApplication app)
    {
        app.Use(async (context, next) =>
        {
            try
            {
                await next(context);
            }
            catch (BadHttpRequestException e) when (context.Request.Path.StartsWithSegments(Api) && !context.Response.HasStarted)
            {
                await Answer(context.Request, Describe(e)).ExecuteAsync(context);
            }
        });
        app.MapFallback("/api/{**path}", (HttpRequest request) => Answer(request, Unmatched(request))).RequireAuthorization(AccessSetup.Api).ExcludeFromDescription();
    }

    private static IResult Answer(HttpRequest request, Error error) =>
        request.Path.StartsWithSegments(Scaffolder) || request.Path.StartsWithSegments(Catalog) ? error.ToBackstage() : error.ToProblem();

    /// <summary>An address that exists does not match either when the body is said to be something else than JSON, as curl says it.</summary>
    private static Error Unmatched(HttpRequest request) => request.ContentLength > 0 && !request.HasJsonContentType()
        ? NotJson
        : Error.NotFound("no-such-address", $"There is no {request.Method} {request.Path}. /openapi/v1.json lists what there is.");

    private static Error Describe(BadHttpRequestException e) => e switch
    {
        { StatusCode: StatusCodes.Status413PayloadTooLarge } => new Error(ErrorKind.TooLarge, "request-too-large", "The request is too large."),
        { StatusCode: StatusCodes.Status415UnsupportedMediaType } => NotJson,
        { InnerException: JsonException json } => Error.Invalid("not-json", $"The body is not the JSON that is expected here: see line {json.LineNumber + 1}, at {json.Path ?? "$"}."),
        _ when Unfit().Match(e.Message) is { Success: true } found => Error.Invalid("request-invalid", $"'{found.Groups["value"].Value}' does not fit '{JsonNamingPolicy.CamelCase.ConvertName(found.Groups["name"].Value)}'."),
        _ => Error.Invalid("request-invalid", "The request lacks what is needed here. /openapi/v1.json tells what."),
    };

    [GeneratedRegex("""^Failed to bind parameter "\S+ (?<name>\S+)" from "(?<value>.*)"\.$""", RegexOptions.ExplicitCapture | RegexOptions.Singleline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Unfit();
}
