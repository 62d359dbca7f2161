using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Portal.TestKit.GitHub.Server.GitData;

namespace Portal.TestKit.GitHub.Server;

/// <summary>
/// Serves <c>/{owner}/{repository}.git</c> with the real <c>git http-backend</c>, and tells of what was pushed.
/// </summary>
internal sealed class GitServer(WorldState state, Authentication authentication)
{
    public async Task ServeAsync(HttpContext context, string owner, string name, string path)
    {
        if (authentication.OfBasic(context.Request) is not { } caller)
        {
            context.Response.Headers.WWWAuthenticate = "Basic realm=\"GitHub\"";
            await RefuseAsync(
                context, 401,
                "remote: Invalid username or token. Password authentication is not supported for Git operations.");
            return;
        }
        // One after the other with the API: what a push has changed is told before the next request sees it.
        await state.HeldAsync(async () =>
        {
            await ServeAsync(context, caller, owner, name, path);
            return path;
        });
    }

    private async Task ServeAsync(HttpContext context, Caller caller, string owner, string name, string path)
    {
        if (state.FindMoved(owner, name) is not { } repository || !caller.Sees(repository))
        {
            await RefuseAsync(context, 404, "Repository not found.");
            return;
        }
        if (state.Find(owner, name) is null)
        {
            context.Response.Redirect(
                $"{state.Web}/{repository.FullName}.git/{path}{context.Request.QueryString}", permanent: true);
            return;
        }
        var isPush = path == "git-receive-pack" || context.Request.Query["service"] == "git-receive-pack";
        if (!caller.May(isPush ? "contents:write" : "contents:read") || isPush && repository.IsArchived)
        {
            await RefuseAsync(
                context, 403, isPush ? "Write access to repository not granted." : "Access to repository not granted.");
            return;
        }
        var before = await repository.Git.ReferencesAsync();
        await RunAsync(context, repository, path);
        if (path == "git-receive-pack") await TellAsync(repository, before, caller);
    }

    private async Task TellAsync(StoredRepository repository, IReadOnlyDictionary<string, string> before, Caller caller)
    {
        var after = await repository.Git.ReferencesAsync();
        foreach (var reference in before.Keys.Union(after.Keys).Order(StringComparer.Ordinal))
        {
            if (before.GetValueOrDefault(reference) is var old && after.GetValueOrDefault(reference) is var now
                && old != now)
            {
                await References.MovedAsync(state, repository, reference, old, now, caller.Login);
            }
        }
    }

    private static async Task RunAsync(HttpContext context, StoredRepository repository, string path)
    {
        var request = context.Request;
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body);
        var start = GitProcess.StartInfo(repository.Git.Folder, ["http-backend"]);
        start.Environment["GIT_PROJECT_ROOT"] = Path.GetDirectoryName(repository.Git.Folder);
        start.Environment["GIT_HTTP_EXPORT_ALL"] = "1";
        start.Environment["PATH_INFO"] = $"/{Path.GetFileName(repository.Git.Folder)}/{path}";
        start.Environment["REQUEST_METHOD"] = request.Method;
        start.Environment["QUERY_STRING"] = request.QueryString.Value?.TrimStart('?') ?? "";
        start.Environment["CONTENT_TYPE"] = request.ContentType ?? "";
        start.Environment["CONTENT_LENGTH"] = body.Length.ToString(CultureInfo.InvariantCulture);
        start.Environment["HTTP_CONTENT_ENCODING"] = request.Headers.ContentEncoding.ToString();
        start.Environment["GIT_PROTOCOL"] = request.Headers["Git-Protocol"].ToString();
        start.Environment["REMOTE_USER"] = "somebody";
        var output = await GitProcess.RunAsync(start, body.ToArray());
        await SendAsync(context.Response, output.Bytes);
    }

    /// <summary>Heads of CGI, an empty line, the rest.</summary>
    private static async Task SendAsync(HttpResponse response, byte[] output)
    {
        var end = output.AsSpan().IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            response.StatusCode = 500;
            return;
        }
        foreach (var line in Encoding.ASCII.GetString(output, 0, end).Split("\r\n"))
        {
            var (name, value) = (line[..line.IndexOf(':')], line[(line.IndexOf(':') + 1)..].Trim());
            if (name == "Status") response.StatusCode = int.Parse(value.Split(' ')[0], CultureInfo.InvariantCulture);
            else response.Headers[name] = value;
        }
        await response.Body.WriteAsync(output.AsMemory(end + 4));
    }

    private static Task RefuseAsync(HttpContext context, int status, string message)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsync(message);
    }
}
