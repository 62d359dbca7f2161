using System.Globalization;
using System.Text;
using Portal.Core.Access;
using Portal.Core.Delivery;
using Portal.Core.Environments;
using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.Web.Governance;

namespace Portal.Web.Shared;

/// <summary>Whole logs as text files, for who is signed in.</summary>
internal static class LogDownloads
{
    private const int AtOnce = 5_000;

    public static string Environment(string id) => $"{PortalUrls.Environment(id)}/log.txt";

    public static string Pipeline(string id) => $"{PortalUrls.Pipeline(id)}/log.txt";

    public static void MapLogDownloads(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/environments/{id}/log.txt", async (
            string id, HttpContext context, Caller caller, ReadEnvironments read, CancellationToken cancellation) =>
        {
            await WriteAsync(context, $"environment-{id}.log",
                after => read.LogAsync(id, after, AtOnce, caller, cancellation));
        });
        routes.MapGet("/pipelines/{id}/log.txt", async (
            string id, HttpContext context, Caller caller, ReadPipelines read, CancellationToken cancellation) =>
        {
            await WriteAsync(context, $"pipeline-{id}.log",
                after => read.LogAsync(id, after, AtOnce, caller, cancellation));
        });
    }

    private static async Task WriteAsync(
        HttpContext context, string file, Func<long, Task<Result<IReadOnlyList<HostLogLine>>>> read)
    {
        long last = 0;
        while (true)
        {
            var next = await read(last);
            if (!next.TryGet(out var lines, out var error))
            {
                if (!context.Response.HasStarted) await error.ToProblem().ExecuteAsync(context);
                return;
            }
            if (last == 0)
            {
                context.Response.ContentType = "text/plain; charset=utf-8";
                context.Response.Headers.ContentDisposition = $"attachment; filename=\"{file}\"";
            }
            if (lines.Count == 0) return;
            var text = new StringBuilder();
            foreach (var line in lines) text.Append(
                line.At.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture))
                .Append(' ').Append(line.Source).Append("  ").Append(line.Text).Append('\n');
            await context.Response.WriteAsync(text.ToString(), context.RequestAborted);
            last = lines[^1].Number;
        }
    }
}
