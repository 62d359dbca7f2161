using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Portal.TestKit.Azure.Server;

/// <summary>
/// Takes every request: signs in, checks what Resource Manager checks of each call, lets go wrong what is planned, and
/// does the work.
/// </summary>
internal sealed class ArmServer(WorldState state, AzureFaults faults, SignIn signIn, Func<Uri> root)
{
    private readonly IReadOnlyList<ArmRoute> routes =
    [
        .. new SubscriptionRoutes(state).All, .. new GroupRoutes(state).All, .. new DeploymentRoutes(state).All,
        .. new FederationRoutes(state).All,
        .. new CostRoutes(state).All, .. new ResourceRoutes(state).All,
    ];

    public async Task InvokeAsync(HttpContext context)
    {
        if (context.Request.Host.Host is not ("localhost" or "127.0.0.1"))
        {
            await AppHost.AnswerAsync(state, context);
            return;
        }
        var path = context.Request.Path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries);
        using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
        var text = await reader.ReadToEndAsync(context.RequestAborted);
        if (path is [var tenant, "oauth2", "v2.0", "token"])
        {
            await AnswerAsync(context, AzureRoutes.Token, () => signIn.Token(tenant, text));
            return;
        }
        var route = routes.FirstOrDefault(r => r.Matches(context.Request.Method, path, out _));
        await AnswerAsync(context, route?.Name ?? "unknown", () => Handle(route, context, path, text));
    }

    private ArmReply Handle(ArmRoute? route, HttpContext context, string[] path, string text)
    {
        try
        {
            if (!signIn.IsGood(context.Request.Headers.Authorization.ToString()))
            {
                return Error(new ArmRefusal(401, "InvalidAuthenticationToken", "The access token is invalid."));
            }
            var version = context.Request.Query["api-version"].ToString();
            if (version.Length == 0)
            {
                state.Violation($"{context.Request.Method} {context.Request.Path} without api-version");
                throw new ArmRefusal(
                    400, "MissingApiVersionParameter",
                    "The api-version query parameter (?api-version=) is required for all requests.");
            }
            if (route is null || !route.Matches(context.Request.Method, path, out var parts))
            {
                state.Violation($"{context.Request.Method} {context.Request.Path} is not known");
                throw new ArmRefusal(
                    404, "InvalidResourceType",
                    $"No route of the stand-in fits {context.Request.Method} {context.Request.Path}.");
            }
            CheckVersion(route, parts, version, context.Request.Path);
            lock (state.Access)
            {
                CheckSubscription(route, parts);
                CheckRights(route, context.Request.Path);
                var query = context.Request.Query.ToDictionary(
                    q => q.Key, q => q.Value.ToString(), StringComparer.OrdinalIgnoreCase);
                return route.Handle(
                    new ArmCall(parts, query, Json(text), root()) { Path = context.Request.Path.Value! });
            }
        }
        catch (ArmRefusal refusal)
        {
            return Error(refusal);
        }
    }

    private void CheckVersion(ArmRoute route, Dictionary<string, string> parts, string version, PathString path)
    {
        var type = parts.TryGetValue("provider", out var provider)
            && parts.TryGetValue("type", out var kind) ? $"{provider}/{kind}" : null;
        var versions = type is null ? route.Versions : ResourceKinds.VersionsOf(type);
        if (versions.Contains(version)) return;
        state.Violation($"{route.Method} {path}: api-version {version} is none of {string.Join(", ", versions)}");
        throw type is null
            ? new ArmRefusal(
                400, "InvalidApiVersionParameter",
                $"The api-version '{version}' is invalid. The supported versions are '{string.Join(",", versions)}'.")
            : new ArmRefusal(
                400, "NoRegisteredProviderFound",
                $"No registered resource provider found for location 'westeurope' and API version '{version}' for type '{type}'. The supported api-versions are '{string.Join(", ", versions)}'.");
    }

    private void CheckSubscription(ArmRoute route, Dictionary<string, string> parts)
    {
        if (!parts.TryGetValue("subscription", out var subscription)) return;
        if (!AzureWorld.Subscriptions.Contains(subscription, StringComparer.OrdinalIgnoreCase))
        {
            throw new ArmRefusal(404, "SubscriptionNotFound", $"The subscription '{subscription}' could not be found.");
        }
        if (route.Method != "GET" && state.Rules.SubscriptionState == "Disabled")
        {
            throw new ArmRefusal(
                409, "ReadOnlyDisabledSubscription",
                $"The subscription '{subscription}' is disabled and therefore marked as read only. You cannot perform any write actions on this subscription until it is re-enabled.");
        }
    }

    private void CheckRights(ArmRoute route, PathString path)
    {
        if (state.Rules.Forbidden.Contains(route.Action))
        {
            throw new ArmRefusal(403, "AuthorizationFailed",
                $"The client '{AzureWorld.ClientId}' with object id '{AzureWorld.ClientId}' does not have authorization to perform action '{route.Action}' over scope '{path}' or the scope is invalid. If access was recently granted, please refresh your credentials.");
        }
    }

    private async Task AnswerAsync(HttpContext context, string name, Func<ArmReply> handle)
    {
        state.Ledger.NoteCall(name);
        var fault = faults.Take(name);
        switch (fault?.Fault)
        {
            case AzureFault.FailBefore:
                await WriteAsync(
                    context, Error(new ArmRefusal(500, "InternalServerError", "The server encountered an error.")));
                return;
            case AzureFault.Unavailable:
                await WriteAsync(context, Error(new ArmRefusal(503, "ServerBusy", "The server is busy.")));
                return;
            case AzureFault.Limit:
                await WriteAsync(context, Limited(name, fault.Value.Wait));
                return;
        }
        var reply = handle();
        switch (fault?.Fault)
        {
            case AzureFault.FailAfter:
                await WriteAsync(
                    context, Error(new ArmRefusal(500, "InternalServerError", "The server encountered an error.")));
                return;
            case AzureFault.HangAfter:
                await WaitUntilGoneAsync(context);
                return;
            case AzureFault.CutAfter:
                context.Abort();
                return;
            default:
                await WriteAsync(context, reply);
                return;
        }
    }

    /// <summary>Cost Management has headers of its own for it.</summary>
    private static ArmReply Limited(string name, TimeSpan wait)
    {
        var seconds = Math.Ceiling(wait.TotalSeconds).ToString("0", CultureInfo.InvariantCulture);
        var header = name == AzureRoutes.QueryCosts
            ? "x-ms-ratelimit-microsoft.costmanagement-entity-retry-after"
            : "Retry-After";
        return Error(new ArmRefusal(
            429, "TooManyRequests", "Too many requests. Please retry.")) with { Headers = [(header, seconds)] };
    }

    private static ArmReply Error(ArmRefusal refusal) =>
        new(refusal.Status, new JsonObject { ["error"] = refusal.Error() });

    private static JsonNode? Json(string text)
    {
        try
        {
            return text.Length == 0 ? null : JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            throw new ArmRefusal(
                400, "InvalidRequestContent", "The request content was invalid and could not be deserialized.");
        }
    }

    private static async Task WriteAsync(HttpContext context, ArmReply reply)
    {
        context.Response.StatusCode = reply.Status;
        context.Response.Headers["x-ms-request-id"] = Guid.NewGuid().ToString();
        foreach (var (name, value) in reply.Headers) context.Response.Headers[name] = value;
        if (reply.Body is null) return;
        context.Response.ContentType = "application/json; charset=utf-8";
        await context.Response.WriteAsync(reply.Body.ToJsonString());
    }

    private static async Task WaitUntilGoneAsync(HttpContext context)
    {
        try
        {
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        }
        catch (OperationCanceledException)
        {
            context.Abort();
        }
    }
}
