using System.Collections.Concurrent;
using System.Text;
using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.Core.Shared.Files;
using Portal.Providers.Local;

namespace Portal.Providers.Tests.Local;

/// <summary>Artifacts as pipeline runs would have left them, each with a commit that has a <c>score.yaml</c>.</summary>
internal sealed class FakeArtifacts(string folder) : ILocalArtifacts
{
    public const string Score = """
        apiVersion: score.dev/v1b1
        metadata:
          name: orders
        containers:
          service:
            image: .
            command: [node]
            args: [main.js]
            variables:
              GREETING: "from ${metadata.name}, costs $$5"
            livenessProbe:
              httpGet: { path: /livez, port: 8080 }
            readinessProbe:
              httpGet: { path: /readyz, port: 8080 }
        """;

    private readonly ConcurrentDictionary<string, LocalArtifact> runs = new();

    public Task<LocalArtifact?> FindAsync(string pipelineRunId, string name) =>
        Task.FromResult(name == "app" ? runs.GetValueOrDefault(pipelineRunId) : null);

    /// <summary>
    /// Answers the text at /, its environment at /env, its user at /user; ends at /die and stops answering checks at
    /// /sick.
    /// </summary>
    public static string Service(string answer) => $$"""
        const http = require('node:http');
        const { spawn } = require('node:child_process');
        let sick = false, hoard = [];
        console.log('listening on ' + process.env.PORT);
        http.createServer((request, response) => {
          if (request.url === '/die') { console.log('dying as asked'); process.exit(3); }
          if (request.url === '/sick') sick = true;
          if (request.url === '/hoard') hoard.push(Buffer.alloc(400 * 1024 * 1024, 1));
          if (request.url === '/child') spawn('sleep', ['600.25'], { detached: true, stdio: 'ignore' }).unref();
          if (sick && request.url.endsWith('z')) { response.statusCode = 503; response.end(); return; }
          if (request.url === '/env') response.end(JSON.stringify(process.env));
          else if (request.url === '/user') response.end(String(process.getuid()));
          else response.end('{{answer}}');
        }).listen(process.env.PORT, '127.0.0.1');
        """;

    public async Task<string> AddAsync(
        IRepositoryHost host, RepositoryName repository, string main, string? score = Score)
    {
        var cancellation = TestContext.Current?.CancellationToken ?? CancellationToken.None;
        var run = "pipeline-" + Guid.NewGuid().ToString("N")[..8];
        // Each version is a repository of its own for the reader; the environment sees the same name.
        await host.DeleteAsync(repository, cancellation);
        List<TreeFile> files = [new TreeFile(
            "main.js", Encoding.UTF8.GetBytes(main)), new TreeFile("run", Encoding.UTF8.GetBytes(run))];
        if (score is not null) files.Add(new TreeFile("score.yaml", Encoding.UTF8.GetBytes(score)));
        var made = await host.CreateAsync(new CreateRepository(repository, "", "main", new FileTree(files), "First",
            new CommitAuthor("Ada", "ada@example.com", DateTimeOffset.UnixEpoch), "run-1",
            "group:default/shop"), cancellation);
        var path = Path.Combine(folder, run);
        Directory.CreateDirectory(path);
        await File.WriteAllTextAsync(Path.Combine(path, "main.js"), main, cancellation);
        runs[run] = new LocalArtifact(repository, made.HeadCommit!, path);
        return run;
    }
}
