using System.IO.Compression;
using Microsoft.AspNetCore.WebUtilities;
using Portal.Core.Delivery;
using Portal.Web.Governance;
using Portal.Web.Shared;

namespace Portal.Web.Pipelines;

/// <summary>
/// What a pipeline run has kept, as one ZIP file. A job wrote it: it is only ever handed out to be saved, never shown
/// on the portal's own address.
/// </summary>
internal static class ArtifactDownloads
{
    public static string Of(string pipelineRun, string artifact) =>
        $"{PortalUrls.Pipeline(pipelineRun)}/artifacts/{Uri.EscapeDataString(artifact)}.zip";

    public static void MapArtifactDownloads(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/pipelines/{id}/artifacts/{name}.zip", DownloadAsync);

    private static async Task DownloadAsync(
        string id, string name, HttpContext context, Caller caller, ReadArtifacts read, CancellationToken cancellation)
    {
        if (!(await read.FindAsync(id, name, caller, cancellation)).TryGet(out var artifact, out var error))
        {
            await error.ToProblem().ExecuteAsync(context);
            return;
        }
        context.Response.BeginDownload($"{name}.zip", "application/zip");
        await WriteAsync(artifact, context.Response.Body, cancellation);
    }

    /// <summary>
    /// By small parts, so that it needs little memory. The archive writes some of its bytes while it blocks, which the
    /// server does not allow, as a slow reader would then hold a thread: they are kept and passed on.
    /// </summary>
    internal static async Task WriteAsync(KeptArtifact artifact, Stream response, CancellationToken cancellation)
    {
        await using var kept = new FileBufferingWriteStream();
        var part = new byte[64 * 1024];
        await using (var zip = await ZipArchive.CreateAsync(
            kept, ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null, cancellation))
        {
            foreach (var file in artifact.Files)
            {
                await using var from = await artifact.OpenAsync(file, cancellation);
                if (from is null) continue;
                var entry = zip.CreateEntry(file.Path, CompressionLevel.Fastest);
                await using var to = await entry.OpenAsync(cancellation);
                for (int read; (read = await from.ReadAsync(part, cancellation)) > 0;)
                {
                    await to.WriteAsync(part.AsMemory(0, read), cancellation);
                    await kept.DrainBufferAsync(response, cancellation);
                }
            }
        }
        await kept.DrainBufferAsync(response, cancellation);
    }
}
