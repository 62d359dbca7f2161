using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Portal.Providers.Tests.Http;

/// <summary>
/// A real server that answers each request as the test says, in the order of the answers; 200 when there is none left.
/// </summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ConcurrentQueue<Func<HttpContext, Task>> script = new();
    private readonly ConcurrentQueue<string> requests = new();

    private ScriptedServer(WebApplication app) => this.app = app;

    public Uri Address => new(app.Urls.Single());

    /// <summary>Method, path and body of what came, oldest first.</summary>
    public IReadOnlyList<string> Requests => [.. requests];

    public static async Task<ScriptedServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.WebHost.UseShutdownTimeout(TimeSpan.Zero);
        builder.Logging.ClearProviders();
        var server = new ScriptedServer(builder.Build());
        server.app.Run(server.AnswerAsync);
        await server.app.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    public ScriptedServer Then(Func<HttpContext, Task> answer)
    {
        script.Enqueue(answer);
        return this;
    }

    public ScriptedServer Status(int status, params (string Name, string Value)[] headers) => Then(context =>
    {
        context.Response.StatusCode = status;
        foreach (var (name, value) in headers) context.Response.Headers[name] = value;
        return Task.CompletedTask;
    });

    public ScriptedServer Json(int status, string body) => Then(context =>
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(body);
    });

    /// <summary>The work is done; the answer never comes.</summary>
    public ScriptedServer Hang() => Then(
        context => Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default));

    /// <summary>The connection ends in the middle of the answer.</summary>
    public ScriptedServer CutHalfWay() => Then(async context =>
    {
        context.Response.ContentLength = 100;
        await context.Response.WriteAsync(new string('x', 50));
        await context.Response.Body.FlushAsync();
        context.Abort();
    });

    /// <summary>The connection ends before the answer begins.</summary>
    public ScriptedServer Cut() => Then(context =>
    {
        context.Abort();
        return Task.CompletedTask;
    });

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync();
        requests.Enqueue($"{context.Request.Method} {context.Request.Path} {body}".TrimEnd());
        if (script.TryDequeue(out var answer)) await answer(context);
    }
}
