using Portal.Core.Catalog.Repositories;
using Portal.Web.Governance;
using Portal.Web.Shared;

namespace Portal.Web.Repositories;

internal static class RepositoryPagesSetup
{
    public static void AddRepositoryPages(this IServiceCollection services) => services.AddSingleton<SourceLinks>();

    /// <summary>
    /// Files of repositories, to be saved: whatever they are, no browser takes them for something of the portal's.
    /// </summary>
    public static void MapRepositoryFiles(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/repositories/{provider}/{owner}/{name}/raw/{**path}", WriteAsync);

    private static async Task WriteAsync(
        string provider, string owner, string name, string path, HttpContext context, Caller caller,
        BrowseRepository repositories, CancellationToken cancellation)
    {
        var opened = await repositories.OpenAsync(provider, owner, name, caller, cancellation);
        if (!opened.TryGet(out var repository, out var error))
        {
            await error.ToProblem().ExecuteAsync(context);
            return;
        }
        var reference = context.Request.Query["ref"].FirstOrDefault() is { Length: > 0 } given
            ? given : repository.Repository.DefaultBranch;
        if (!(await repository.FileAsync(reference, path, cancellation)).TryGet(out var content, out error))
        {
            await error.ToProblem().ExecuteAsync(context);
            return;
        }
        context.Response.BeginDownload(path[(path.LastIndexOf('/') + 1)..], "application/octet-stream");
        context.Response.ContentLength = content.Length;
        await context.Response.Body.WriteAsync(content, cancellation);
    }
}
