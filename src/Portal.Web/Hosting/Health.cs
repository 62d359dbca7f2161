using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Portal.Web.Hosting;

/// <summary>
/// <c>/health/live</c>: the process answers and nothing in it has died. <c>/health/ready</c>: it can serve, that is,
/// every check tagged <see cref="ReadyTag"/> is healthy or degraded; 503 otherwise. Both are open: they carry names,
/// states and fixed sentences, never details.
/// </summary>
internal static class Health
{
    public const string Root = "/health";
    public const string ReadyTag = "ready";
    public const string LiveTag = "live";

    public static void MapHealth(this WebApplication app)
    {
        app.MapHealthChecks(Root + "/live", new HealthCheckOptions
        {
            Predicate = check => check.Tags.Contains(LiveTag), ResponseWriter = WriteAsync
        }).AllowAnonymous();
        app.MapHealthChecks(
            Root + "/ready",
            new HealthCheckOptions { Predicate = IsReadiness, ResponseWriter = WriteAsync }).AllowAnonymous();
    }

    public static bool IsReadiness(HealthCheckRegistration check) => check.Tags.Contains(ReadyTag);

    private static Task WriteAsync(HttpContext context, HealthReport report) => context.Response.WriteAsJsonAsync(
        new
        {
            status = Word(report.Status),
            checks = report.Entries.ToDictionary(
                entry => entry.Key, entry => Word(entry.Value.Status), StringComparer.Ordinal),
            // Words of ours alone: a check that throws describes itself by what it has thrown.
            reasons = report.Entries.Where(
                entry => entry.Value is { Status: not HealthStatus.Healthy, Exception: null, Description: not null })
                .ToDictionary(entry => entry.Key, entry => entry.Value.Description, StringComparer.Ordinal),
        },
        JsonSerializerOptions.Web,
        context.RequestAborted);

    private static string Word(HealthStatus status) => status.ToString().ToLowerInvariant();
}
