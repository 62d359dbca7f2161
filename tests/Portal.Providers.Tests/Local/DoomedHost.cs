using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.Providers.Local;
using Portal.Providers.Local.Environments;
using Portal.Providers.Local.Processes;
using Portal.Providers.Local.Repositories;
using Portal.Providers.Tests.Local.Pipelines;
using Portal.Providers.Tests.Local.Sharing;

namespace Portal.Providers.Tests.Local;

/// <summary>
/// A host in a process of its own that begins some work on a folder, and is killed in the middle of it.
/// </summary>
internal sealed class DoomedHost : IDisposable
{
    public const string Argument = "--doomed-host";

    private readonly Process process;

    private DoomedHost(Process process) => this.process = process;

    /// <summary>Starts the child; what it writes first is what it began.</summary>
    public static async Task<(DoomedHost Host, string Began)> StartAsync(string work, string data)
    {
        var start =
            new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true, UseShellExecute = false };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
        {
            start.ArgumentList.Add(typeof(DoomedHost).Assembly.Location);
        }
        foreach (var argument in (string[])[Argument, work, data]) start.ArgumentList.Add(argument);
        var process = Process.Start(start)!;
        return (new DoomedHost(
            process), await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken)
            ?? throw new InvalidOperationException("The host ended before it began."));
    }

    public void Kill()
    {
        process.Kill();
        process.WaitForExit();
    }

    /// <summary>SIGSTOP, SIGCONT and the like.</summary>
    public void Signal(int signal) => Assert.Equal(0, Native.Kill(process.Id, signal));

    public void Dispose()
    {
        if (!process.HasExited) Kill();
        process.Dispose();
    }

    /// <summary>The child's side.</summary>
    public static async Task<int> RunAsync(string work, string data)
    {
        switch (work)
        {
            case "pipeline":
                var host = new PipelineTestHost(data: data);
                Say((await host.Host.TriggerAsync(
                    new TriggerPipeline(host.Repository, "ci.yml", "main", "the-one"), CancellationToken.None)).Id);
                break;
            case "deploy":
                await DeployAsync(data);
                break;
            case "keep":
                await SharedHost.StartAsync(data);
                Say("keeps");
                break;
        }

        await Task.Delay(Timeout.Infinite);
        return 0;
    }

    public static LocalEnvironments Environments(string data, FakeArtifacts artifacts, TimeProvider time)
    {
        var options = Options.Create(new LocalOptions { Data = data, StopGraceSeconds = 1, StartTimeoutSeconds = 120 });
        return new LocalEnvironments(
            new LocalFolders(data), artifacts, Repositories(data), new RecordedEvents(), options, time,
            NullLogger<LocalEnvironments>.Instance);
    }

    private static LocalRepositories Repositories(string data)
    {
        var configuration = new Microsoft.Extensions.Configuration.ConfigurationManager();
        var services =
            Microsoft.Extensions.DependencyInjection.ServiceCollectionContainerBuilderExtensions.BuildServiceProvider(
                new Microsoft.Extensions.DependencyInjection.ServiceCollection());
        return new LocalRepositories(new LocalFolders(data), new PortalAddress(configuration, services));
    }

    private static async Task DeployAsync(string data)
    {
        var artifacts = new FakeArtifacts(Path.Combine(data, "artifacts"));
        var environments = Environments(data, artifacts, TimeProvider.System);
        var (repository, repositories) = (new RepositoryName("shop", "doomed"), Repositories(data));
        var made = await environments.CreateAsync(
            new CreateEnvironment(
                "env-doomed", "dev", "dev", repository,
                Version(await artifacts.AddAsync(repositories, repository, FakeArtifacts.Service("old"))), "small",
                "mark", new Dictionary<string, string>()),
            CancellationToken.None);
        Say(made.Url!);
        const string second =
            "require('fs').writeFileSync(process.env.HOME + '/started', ''); setInterval(() => {}, 1000);";
        await environments.DeployAsync(
            made.Id, Version(await artifacts.AddAsync(repositories, repository, second)), CancellationToken.None);
    }

    private static void Say(string line)
    {
        using var output = Console.OpenStandardOutput();
        output.Write(System.Text.Encoding.UTF8.GetBytes(line + "\n"));
    }

    private static EnvironmentVersion Version(string pipelineRun) => new(pipelineRun, new string('a', 40));
}
