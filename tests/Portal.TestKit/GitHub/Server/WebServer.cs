using Microsoft.AspNetCore.Http;
using System.Net;
using Portal.TestKit.GitHub.Server.Actions;

namespace Portal.TestKit.GitHub.Server;

/// <summary>The pages: just enough that an address can be opened.</summary>
internal sealed class WebServer(WorldState state)
{
    public async Task ServeAsync(HttpContext context)
    {
        if (await state.HeldAsync(() => LogRoutes.Download(state, context.Request.Path.Value!)) is var (bytes, type))
        {
            context.Response.ContentType = type;
            await context.Response.Body.WriteAsync(bytes);
            return;
        }
        var parts = context.Request.Path.Value!.Split('/', 4);
        if (parts is not [_, var owner, var name, ..] || state.FindMoved(owner, name) is not { } repository)
        {
            context.Response.StatusCode = parts.Length > 2 ? 404 : 200;
            await context.Response.WriteAsync("GitHub of the tests");
            return;
        }
        if (state.Find(owner, name) is null)
        {
            context.Response.Redirect(
                $"{state.Web}/{repository.FullName}{(parts.Length > 3 ? "/" + parts[3] : "")}", permanent: true);
            return;
        }
        context.Response.ContentType = "text/html; charset=utf-8";
        await context.Response.WriteAsync(
            $"<!doctype html><title>{WebUtility.HtmlEncode(repository.FullName)}</title><h1>{WebUtility.HtmlEncode(repository.FullName)}</h1>");
    }
}
