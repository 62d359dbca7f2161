using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.Metadata;
using Portal.Core.Shared;
using Portal.Web.GoldenPaths;

namespace Portal.Web.Shared.Contract;

/// <summary>What each operation of the API says of itself, beside its types: see docs/api.md.</summary>
internal static class Operations
{
    private const string ProblemJson = "application/problem+json";

    /// <summary>Text that cannot be kept, no token, no right, a failure of the portal's, no database.</summary>
    private static readonly int[] Always =
    [
        StatusCodes.Status400BadRequest, StatusCodes.Status401Unauthorized, StatusCodes.Status403Forbidden,
        StatusCodes.Status500InternalServerError, StatusCodes.Status503ServiceUnavailable,
    ];

    /// <param name="id">A verb and a noun in camelCase, e.g. <c>listRuns</c>: how generated clients name the call. It
    /// never changes.</param>
    /// <param name="summary">One line.</param>
    public static RouteHandlerBuilder Named(this RouteHandlerBuilder route, string id, string summary) =>
        route.WithName(id).WithSummary(summary);

    /// <summary>Failures beside those that <see cref="WithErrors"/> knows by itself.</summary>
    public static RouteHandlerBuilder Fails(this RouteHandlerBuilder route, params int[] statuses) =>
        route.WithMetadata([.. statuses.Select(Failure)]);

    /// <summary>A body that the operation takes.</summary>
    public static RouteHandlerBuilder Example(
        this RouteHandlerBuilder route, [StringSyntax(StringSyntaxAttribute.Json)] string body) =>
        route.WithMetadata(new BodyExample(body));

    /// <summary>
    /// Each operation below says which failures it may answer with: those of all, and those that follow from how it is
    /// made.
    /// </summary>
    public static RouteGroupBuilder WithErrors(this RouteGroupBuilder api)
    {
        ((IEndpointConventionBuilder)api).Finally(endpoint =>
        {
            var said = endpoint.Metadata.OfType<IProducesResponseTypeMetadata>().Select(m => m.StatusCode).ToHashSet();
            foreach (var status in Always.Concat(Following(endpoint)).Where(s => !said.Contains(s)))
            {
                endpoint.Metadata.Add(Failure(status));
            }
        });
        return api;
    }

    private static IEnumerable<int> Following(EndpointBuilder endpoint)
    {
        if (endpoint is RouteEndpointBuilder { RoutePattern.Parameters.Count: > 0 })
        {
            yield return StatusCodes.Status404NotFound;
        }
        if (endpoint.Metadata.OfType<IAcceptsMetadata>().Any()) yield return StatusCodes.Status413PayloadTooLarge;
        if (endpoint.Metadata.OfType<CountedAsPlan>().Any()) yield return StatusCodes.Status429TooManyRequests;
    }

    private static ProducesResponseTypeMetadata Failure(int status) => new(status, typeof(ProblemBody), [ProblemJson]);
}

/// <param name="Body">JSON.</param>
internal sealed record BodyExample([StringSyntax(StringSyntaxAttribute.Json)] string Body)
{
    public JsonNode Read() => JsonNode.Parse(Body)!;
}

/// <summary>
/// Problem details (RFC 9457) as <see cref="Problems"/> writes them; nothing makes one, the document describes it.
/// </summary>
/// <param name="Code">Stable, for scripts; absent where the framework answers, as without a token.</param>
/// <param name="Errors">Each wrong field by JSON pointer; absent when none is named.</param>
internal sealed record ProblemBody(
    string Type, string Title, int Status, string? Detail = null, string? Code = null,
    IReadOnlyList<FieldError>? Errors = null, string? TraceId = null);
