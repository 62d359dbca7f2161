using Microsoft.AspNetCore.Http.Features;
using Portal.Core.Inbound;
using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.Web.Shared;

namespace Portal.Web.Webhooks;

/// <summary>
/// <c>POST /webhooks/{instance}</c>: open to everybody, because what counts is the signature. Answers at once; the work
/// comes later. What is refused hears no more than the status.
/// </summary>
internal static class WebhookEndpoints
{
    public static void AddWebhookEndpoint(this IServiceCollection services) => services.AddSingleton<WebhookBodies>();

    public static void MapWebhooks(this IEndpointRouteBuilder routes) =>
        routes.MapPost(PortalUrls.WebhookRoute, ReceiveAsync).AllowAnonymous().DisableAntiforgery()
            .ExcludeFromDescription();

    private static async Task<IResult> ReceiveAsync(
        string instance, HttpContext context, ReceiveDelivery receive, WebhookBodies bodies)
    {
        if (!receive.Takes(instance)) return Results.StatusCode(StatusCodes.Status404NotFound);
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = WebhookBodies.Largest;
        }
        try
        {
            using var body = await bodies.ReadAsync(context.Request, context.RequestAborted);
            var received = await receive.ExecuteAsync(
                instance, new WebhookRequest(Headers(context.Request), body.Bytes), context.RequestAborted);
            return received.TryGet(out var receipt, out var error)
                ? Answer(receipt)
                : Results.StatusCode(Status(error));
        }
        catch (WebhookBodyException e)
        {
            if (e.Status == StatusCodes.Status503ServiceUnavailable) context.Response.Headers.RetryAfter = "30";
            return Results.StatusCode(e.Status);
        }
        catch (BadHttpRequestException e)
        {
            return Results.StatusCode(e.StatusCode);
        }
    }

    private static Dictionary<string, string> Headers(HttpRequest request) =>
        request.Headers.ToDictionary(h => h.Key.ToLowerInvariant(), h => h.Value.ToString(), StringComparer.Ordinal);

    private static IResult Answer(Receipt receipt) => receipt == Receipt.Stored
        ? Results.Text("received\n", statusCode: StatusCodes.Status202Accepted)
        : Results.Text("already received\n");

    /// <summary>401 rather than 403: who sent it did not prove who they are.</summary>
    private static int Status(Error error) =>
        error.Kind == ErrorKind.Forbidden ? StatusCodes.Status401Unauthorized : error.Status();
}
