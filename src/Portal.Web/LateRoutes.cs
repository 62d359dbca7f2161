using Microsoft.AspNetCore.Routing;

namespace Portal.Web;

/// <summary>
/// In the place of the framework's methods of the same names, which this namespace hides from the portal's code: what
/// reads a request for a handler is compiled when the first one comes. The framework would compile all of them before
/// the portal listens, a tenth of its start. What a route says of itself, its description included, is known at once.
/// </summary>
internal static class LateRoutes
{
    public static RouteHandlerBuilder MapGet(this IEndpointRouteBuilder routes, string pattern, Delegate handler) =>
        Map(routes, HttpMethods.Get, pattern, handler);

    public static RouteHandlerBuilder MapPost(this IEndpointRouteBuilder routes, string pattern, Delegate handler) =>
        Map(routes, HttpMethods.Post, pattern, handler);

    public static RouteHandlerBuilder MapPut(this IEndpointRouteBuilder routes, string pattern, Delegate handler) =>
        Map(routes, HttpMethods.Put, pattern, handler);

    public static RouteHandlerBuilder MapDelete(this IEndpointRouteBuilder routes, string pattern, Delegate handler) =>
        Map(routes, HttpMethods.Delete, pattern, handler);

    private static RouteHandlerBuilder Map(
        IEndpointRouteBuilder routes, string method, string pattern, Delegate handler) =>
        RouteHandlerServices.Map(routes, pattern, handler, [method], RequestDelegateFactory.InferMetadata, Late);

    private static RequestDelegateResult Late(
        Delegate handler, RequestDelegateFactoryOptions options, RequestDelegateMetadataResult? known)
    {
        var compiled = new Lazy<RequestDelegate>(
            () => RequestDelegateFactory.Create(handler, options, known).RequestDelegate);
        return new RequestDelegateResult(context => compiled.Value(context), known?.EndpointMetadata ?? []);
    }
}
