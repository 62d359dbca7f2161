using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.Core.Shared.Files;
using Portal.Providers.Local;
using Portal.Providers.Local.Sharing;

namespace Portal.Providers.Tests.Local.Sharing;

/// <summary>A host with the Local provider, one of several on the same folder.</summary>
internal sealed class SharedHost : IAsyncDisposable
{
    private readonly IHost host;

    private SharedHost(IHost host) => this.host = host;

    public bool IsKeeping => host.Services.GetRequiredService<LocalKeeper>().IsKeeping;

    public IPipelineHost Pipelines => Get<IPipelineHost>();

    public IEnvironmentHost Environments => Get<IEnvironmentHost>();

    public IRepositoryHost Repositories => Get<IRepositoryHost>();

    public T Get<T>() where T : notnull => host.Services.GetRequiredService<T>();

    /// <param name="more">Registrations after those of the provider.</param>
    public static async Task<SharedHost> StartAsync(string data, Action<IServiceCollection>? more = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings
        {
            EnvironmentName = Microsoft.Extensions.Hosting.Environments.Development
        });
        builder.Configuration["Portal:Data"] = data;
        builder.Configuration["Portal:Providers:local:StartTimeoutSeconds"] = "20";
        builder.Configuration["Portal:Providers:local:StopGraceSeconds"] = "1";
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddSingleton<IProviderEvents, RecordedEvents>();
        builder.Services.AddLocalProvider(builder.Configuration);
        more?.Invoke(builder.Services);
        var host = builder.Build();
        await host.StartAsync();
        return new SharedHost(host);
    }

    /// <summary>A data folder that the job user can walk down to.</summary>
    public static string NewData()
    {
        var data = Directory.CreateTempSubdirectory("portal-shared-").FullName;
        File.SetUnixFileMode(data, (UnixFileMode)0b111_101_101);
        return data;
    }

    public static CreateRepository Repository(RepositoryName name, params (string Path, string Text)[] files) => new(
        name, "", "main", new FileTree(files.Select(f => new TreeFile(f.Path, Encoding.UTF8.GetBytes(f.Text)))),
        "First",
        new CommitAuthor("Ada", "ada@example.com", DateTimeOffset.UnixEpoch), "run-1", "group:default/shop");

    public Task StopAsync() => host.StopAsync(CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        host.Dispose();
    }
}
