using System.Text.Json;
using System.Text.RegularExpressions;
using Npgsql;
using Portal.Core.Shared;
using Portal.Web.Governance;

namespace Portal.Web.Shared;

/// <summary>
/// The words for what no endpoint can take: a body that is no JSON, a query that does not fit, an address that is not
/// there, a value that the database does not keep.
/// </summary>
internal static partial class BadRequests
{
    public static readonly Error NotJson = Error.Invalid(
        "not-json", "Send JSON, with the header 'Content-Type: application/json'.");

    private static readonly Error NotKept =
        Error.Invalid(
            "value-invalid",
            "A value of the request cannot be kept: a number or a time out of range, or text with characters that no database takes.");

    public static readonly Error StaleForm = Error.Invalid(
        "form-stale",
        "The form is not one of this portal's pages, or its page is too old. Load the page again, and send it from there.");

    public static void AddBadRequests(this IServiceCollection services) =>
        services.Configure<RouteHandlerOptions>(o => o.ThrowOnBadRequest = true);

    public static void MapUnmatched(this IEndpointRouteBuilder app) =>
        app.MapFallback("/api/{**path}", (HttpRequest request) => RequestAnswers.Of(request, Unmatched(request)))
            .RequireAuthorization(AccessSetup.Api).ExcludeFromDescription();

    /// <summary>What the caller did wrong; null when it is the portal's own failure.</summary>
    public static Error? Describe(Exception failure) => failure switch
    {
        BadHttpRequestException e => Describe(e),
        PostgresException { SqlState: ['2', '2', ..] } => NotKept,
        { InnerException: PostgresException { SqlState: ['2', '2', ..] } } => NotKept,
        _ => null,
    };

    /// <summary>
    /// An address that exists does not match either when the body is said to be something else than JSON, as curl says
    /// it.
    /// </summary>
    private static Error Unmatched(HttpRequest request) => request.ContentLength > 0 && !request.HasJsonContentType()
        ? NotJson
        : Error.NotFound(
            "no-such-address", $"There is no {request.Method} {request.Path}. /openapi/v1.json lists what there is.");

    private static Error Describe(BadHttpRequestException e) => e switch
    {
        { StatusCode: StatusCodes.Status413PayloadTooLarge } => new Error(
            ErrorKind.TooLarge, "request-too-large", "The request is too large."),
        { StatusCode: StatusCodes.Status415UnsupportedMediaType } => NotJson,
        { InnerException: JsonException json } => Error.Invalid(
            "not-json",
            $"The body is not the JSON that is expected here: see line {json.LineNumber + 1}, at {json.Path ?? "$"}. {Own(json)}".TrimEnd()),
        _ when Unfit().Match(e.Message) is { Success: true } found =>
            Misfits.Describe(
                found.Groups["value"].Value, JsonNamingPolicy.CamelCase.ConvertName(found.Groups["name"].Value),
                found.Groups["type"].Value),
        _ when Absent().Match(e.Message) is { Success: true } absent => Error.Invalid(
            "request-invalid", $"'{absent.Groups["name"].Value}' is missing in the query."),
        _ => Error.Invalid("request-invalid", "The request lacks what is needed here. /openapi/v1.json tells what."),
    };

    /// <summary>The words of our own checks; those of the framework name its types.</summary>
    private static string Own(JsonException e) =>
        e.Message.StartsWith(StrictJson.Mark, StringComparison.Ordinal) ? e.Message : "";

    [GeneratedRegex(
        """^Failed to bind parameter "(?<type>\S+) (?<name>\S+)" from "(?<value>.*)"\.$""",
        RegexOptions.ExplicitCapture | RegexOptions.Singleline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Unfit();

    [GeneratedRegex(
        """^Required parameter "\S+ (?<name>\S+)" was not provided from query string\.$""",
        RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Absent();
}
