using Microsoft.Extensions.Options;

namespace Portal.Web.Hosting;

/// <summary>
/// Answers only to its own name. A page of the web can make its own host name resolve to 127.0.0.1 (DNS rebinding) and
/// would then be of the same origin as a portal that answers to any name. In Development the one name is 127.0.0.1:
/// <c>localhost</c> belongs to the environments, whose pages must not see the portal's cookie.
/// </summary>
internal sealed class HostFilter(RequestDelegate next, IOptions<PortalOptions> options, IHostEnvironment environment)
{
    private readonly HashSet<string> allowed = Allowed(options.Value, environment);

    public Task InvokeAsync(HttpContext context)
    {
        if (allowed.Contains(context.Request.Host.Host) || IsProbe(context.Request)) return next(context);

        context.Response.StatusCode = StatusCodes.Status421MisdirectedRequest;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(
            $"This portal does not answer to that host name. Use {string.Join(" or ", allowed)}.\n");
    }

    /// <summary>
    /// An orchestrator probes by the address of the machine, which is no name of the portal. Health says nothing
    /// secret.
    /// </summary>
    private bool IsProbe(HttpRequest request) =>
        !environment.IsDevelopment() && request.Path.StartsWithSegments(Health.Root);

    private static HashSet<string> Allowed(PortalOptions options, IHostEnvironment environment)
    {
        var hosts = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        if (environment.IsDevelopment())
        {
            hosts.Add("127.0.0.1");
            return hosts;
        }

        hosts.UnionWith(options.Hosts);
        hosts.Add(options.PublicUrl.Length > 0 ? new Uri(options.PublicUrl).Host : options.Listen);
        return hosts;
    }
}
