using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Access;
using Portal.Core.Providers;
using Portal.Core.Shared;

namespace Portal.Providers.Local.Repositories;

/// <summary>
/// Serves the local repositories over Git's smart HTTP protocol at <c>/git/organisation/name.git</c>: three addresses
/// per repository and nothing else, so no file of a repository is ever served as it lies there.
/// </summary>
public static class GitHttp
{
    /// <summary>
    /// The authorisation policy that the host must define: who came in by Basic password or bearer token, 401
    /// otherwise. What a person may do is then asked of <see cref="IGitAccess"/>.
    /// </summary>
    public const string Policy = "git";

    private const string UploadPack = "git-upload-pack";
    private const string ReceivePack = "git-receive-pack";

    public static IEndpointRouteBuilder MapLocalGit(this IEndpointRouteBuilder endpoints)
    {
        if (endpoints.ServiceProvider.GetService<GitBackend>() is null) return endpoints;
        var group = endpoints.MapGroup("/git").RequireAuthorization(Policy).DisableAntiforgery()
            .ExcludeFromDescription();
        group.MapGet("/{organisation}/{name}.git/info/refs", (HttpContext context, string organisation, string name) =>
            context.Request.Query["service"].ToString() is UploadPack or ReceivePack
                ? ServeAsync(context, organisation, name, "info/refs", context.Request.Query["service"].ToString())
                : RefuseAsync(
                    context, StatusCodes.Status403Forbidden,
                    "Only the smart HTTP protocol is served here: use git 1.6.6 or later."));
        group.MapPost(
            "/{organisation}/{name}.git/" + UploadPack, (HttpContext context, string organisation, string name) =>
                ServeAsync(context, organisation, name, UploadPack, UploadPack));
        group.MapPost(
            "/{organisation}/{name}.git/" + ReceivePack, (HttpContext context, string organisation, string name) =>
                ServeAsync(context, organisation, name, ReceivePack, ReceivePack));
        // Anything else below /git must not fall through to the pages.
        group.Map("/{**rest}", NotFoundAsync);
        return endpoints;
    }

    private static async Task ServeAsync(
        HttpContext context, string organisation, string name, string path, string service)
    {
        var services = context.RequestServices;
        if (!RepositoryName.IsValidPart(organisation) || !RepositoryName.IsValidPart(name))
        {
            await NotFoundAsync(context);
            return;
        }
        var repository = new RepositoryName(organisation, name);
        var found = await services.GetRequiredService<LocalRepositories>()
            .FindAsync(repository, context.RequestAborted);
        var access = services.GetRequiredService<IGitAccess>();
        // What a person may not read does not exist for that person.
        if (found is null || !await access.MayReadAsync(context.User, found, context.RequestAborted))
        {
            await NotFoundAsync(context);
            return;
        }
        if (service == ReceivePack && !await access.MayPushAsync(context.User, found, context.RequestAborted))
        {
            await RefuseAsync(
                context, StatusCodes.Status403Forbidden,
                $"You may not push to {repository}: ask {found.Owner ?? "its owner"} to let you.");
            return;
        }
        var backend = services.GetRequiredService<GitBackend>();
        await backend.ServeAsync(
            context, repository, path, service, context.User.Reference()?.ToString(), found.Owner ?? organisation);
    }

    private static Task NotFoundAsync(HttpContext context) =>
        RefuseAsync(
            context, StatusCodes.Status404NotFound, "There is no such repository here, or you may not read it.");

    /// <summary>Plain text, which git shows to the person behind "remote:".</summary>
    private static Task RefuseAsync(HttpContext context, int status, string message)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(message + "\n", context.RequestAborted);
    }
}
