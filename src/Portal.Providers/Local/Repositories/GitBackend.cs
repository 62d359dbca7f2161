using System.Diagnostics;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Portal.Core.Providers;
using Portal.Core.Shared;

namespace Portal.Providers.Local.Repositories;

/// <summary>
/// Hands one request to <c>git http-backend</c> by the rules of CGI (RFC 3875) and streams both ways; nothing is held
/// in memory. The process dies with the request.
/// </summary>
internal sealed partial class GitBackend(
    LocalFolders folders, IOptions<LocalOptions> options, IPushCheck pushes, ILogger<GitBackend> logger) : IDisposable
{
    private readonly GitPlaces places = new(options.Value);

    /// <param name="team">Who owns the repository.</param>
    public async Task ServeAsync(
        HttpContext context, RepositoryName name, string path, string service, string? person, string team)
    {
        using var place = await places.TakeAsync(person ?? "somebody", team, context.RequestAborted);
        if (place is null)
        {
            await RefuseAsync(context);
            return;
        }
        try
        {
            SetLimits(context);
            if (path == "git-receive-pack") PushRules.Ensure(folders);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
            limit.CancelAfter(TimeSpan.FromMinutes(options.Value.GitTimeoutMinutes));
            using var process = GitCommand.Start(StartInfo(context.Request, name, path, service, person));
            using (limit.Token.Register(() => GitCommand.Kill(process)))
            {
                await StreamAsync(context, process, limit.Token);
            }
        }
        finally
        {
            // Also when the client went away in the middle: the branches may have changed before that.
            if (path == "git-receive-pack") await TellAsync(name, person);
        }
    }

    public void Dispose() => places.Dispose();

    private async Task RefuseAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
        context.Response.Headers.RetryAfter = "10";
        context.Response.ContentType = "text/plain; charset=utf-8";
        await context.Response.WriteAsync(
            $"You or this team have more clones and pushes under way than there are places "
            + $"({options.Value.GitAtOncePerPerson} for a person). Try again when some of them are done.\n",
            context.RequestAborted);
    }

    private async Task StreamAsync(HttpContext context, Process process, CancellationToken cancellation)
    {
        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var input = CopyInputAsync(context.Request.Body, process, ended.Token);
        try
        {
            var output = process.StandardOutput.BaseStream;
            var head = await CgiHead.ReadAsync(output, cancellation);
            head.Apply(context.Response);
            await context.Response.Body.WriteAsync(head.Rest, cancellation);
            await output.CopyToAsync(context.Response.Body, 64 * 1024, cancellation);
        }
        catch (Exception e) when (
            e is IOException or InvalidDataException && !context.RequestAborted.IsCancellationRequested)
        {
            LogBroken(logger, context.Request.Path, e);
            if (context.Response.HasStarted) context.Abort();
            else context.Response.StatusCode = input.IsCompletedSuccessfully && await input is { } fault
                ? fault.StatusCode : StatusCodes.Status502BadGateway;
        }
        finally
        {
            // The answer is out, so nobody reads the rest of the question.
            await ended.CancelAsync();
            await input;
            if (cancellation.IsCancellationRequested) GitCommand.Kill(process);
            await process.WaitForExitAsync(CancellationToken.None);
            if (await errors is { Length: > 0 } words) LogWords(logger, context.Request.Path, words.Trim());
        }
    }

    /// <summary>
    /// What was wrong with the client's body, such as that it came too slowly: then git is ended at once. Null when
    /// nothing was.
    /// </summary>
    private static async Task<Microsoft.AspNetCore.Http.BadHttpRequestException?> CopyInputAsync(
        Stream body, Process process, CancellationToken cancellation)
    {
        try
        {
            await using var input = process.StandardInput.BaseStream;
            await body.CopyToAsync(input, 64 * 1024, cancellation);
        }
        catch (Microsoft.AspNetCore.Http.BadHttpRequestException e)
        {
            GitCommand.Kill(process);
            return e;
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // git has stopped reading, or the client has gone; git's answer tells the rest.
        }
        return null;
    }

    private ProcessStartInfo StartInfo(
        HttpRequest request, RepositoryName name, string path, string service, string? person)
    {
        var folder = folders.Repository(name);
        var start = GitCommand.StartInfo(folder, "git",
            ("core.hooksPath", PushRules.Folder(folders)), ("http.receivepack", "true"), ("http.uploadpack", "true"),
            ("transfer.fsckObjects", "true"), ("receive.denyDeleteCurrent", "refuse"), (
                "uploadpack.allowFilter", "true"),
            ("receive.maxInputSize", $"{options.Value.MaxPushMiB}m"));
        start.ArgumentList.Add("http-backend");
        var environment = start.Environment;
        environment.Remove("GIT_DIR");
        environment["GIT_PROJECT_ROOT"] = folders.Repositories;
        environment["GIT_HTTP_EXPORT_ALL"] = "1";
        environment["PATH_INFO"] = $"/{name}.git/{path}";
        environment["REQUEST_METHOD"] = path == "info/refs" ? "GET" : "POST";
        environment["QUERY_STRING"] = path == "info/refs" ? "service=" + service : "";
        environment["REMOTE_USER"] = Printable(person ?? "somebody");
        if (request.ContentType is { } type) environment["CONTENT_TYPE"] = Printable(type);
        // Without a length git reads to the end of its input, so chunked bodies need nothing more.
        if (request.ContentLength is { } length) environment["CONTENT_LENGTH"] = length.ToString();
        if (request.Headers.ContentEncoding.ToString() is "gzip" or "x-gzip")
        {
            environment["HTTP_CONTENT_ENCODING"] = "gzip";
        }
        if (request.Headers["Git-Protocol"].ToString() is { Length: > 0 } protocol
            && ProtocolPattern().IsMatch(protocol))
        {
            environment["GIT_PROTOCOL"] = protocol;
        }
        return start;
    }

    /// <summary>
    /// A push may be large and a clone long: the server's limits are for pages. Git has its own, see
    /// <see cref="LocalOptions.MaxPushMiB"/>; a client that neither sends nor takes anything is cut off.
    /// </summary>
    private void SetLimits(HttpContext context)
    {
        var least = new MinDataRate(
            options.Value.GitLeastBytesPerSecond, TimeSpan.FromSeconds(options.Value.GitSilenceSeconds));
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = null;
        }
        if (context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } request) request.MinDataRate = least;
        if (context.Features.Get<IHttpMinResponseDataRateFeature>() is { } response) response.MinDataRate = least;
    }

    private async Task TellAsync(RepositoryName name, string? person)
    {
        try
        {
            await pushes.CheckAsync(name, person, CancellationToken.None);
        }
        catch (Exception e)
        {
            // The push itself has worked. The next sweep tells of it.
            LogUntold(logger, name, e);
        }
    }

    private static string Printable(string text) => string.Concat(text.Where(c => c is >= ' ' and < (char)127));

    [GeneratedRegex(@"^[a-z0-9=:._-]{1,100}\z")]
    private static partial Regex ProtocolPattern();

    [LoggerMessage(Level = LogLevel.Warning, Message = "git did not answer {Path} to the end")]
    private static partial void LogBroken(ILogger logger, string path, Exception e);

    [LoggerMessage(Level = LogLevel.Information, Message = "git said on {Path}: {Words}")]
    private static partial void LogWords(ILogger logger, string path, string words);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "The push to {Repository} could not be told; it is tried again within a minute")]
    private static partial void LogUntold(ILogger logger, RepositoryName repository, Exception e);
}
