using System.IO.Compression;
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
        routes.MapGet("/pipelines/{id}/artifacts/{name}.zip", WriteAsync);

    private static async Task WriteAsync(
        string id, string name, HttpContext context, Caller caller, ReadArtifacts read, CancellationToken cancellation)
    {
        if (!(await read.FindAsync(id, name, caller, cancellation)).TryGet(out var artifact, out var error))
        {
            await error.ToProblem().ExecuteAsync(context);
            return;
        }
        context.Response.BeginDownload($"{name}.zip", "application/zip");
        await using var zip = await ZipArchive.CreateAsync(
            context.Response.Body, ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null, cancellation);
        foreach (var file in artifact.Files)
        {
            await using var from = await artifact.OpenAsync(file, cancellation);
            if (from is null) continue;
            var entry = zip.CreateEntry(file.Path, CompressionLevel.Fastest);
            await using var to = await entry.OpenAsync(cancellation);
            await from.CopyToAsync(to, cancellation);
        }
    }
}
