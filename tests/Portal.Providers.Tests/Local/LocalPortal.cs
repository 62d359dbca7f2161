using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Security.Claims;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Portal.Core.Access;
using Portal.Core.Providers;
using Portal.Providers.Local;
using Portal.Providers.Local.Repositories;

namespace Portal.Providers.Tests.Local;

/// <summary>
/// A host with the Local provider alone, on a free port of 127.0.0.1 and with a data folder of its own.
/// </summary>
public sealed class LocalPortal : IAsyncLifetime
{
    public const string Password = "correct horse";

    private readonly bool isGuest;
    private WebApplication? app;

    public LocalPortal()
    {
        Data = Directory.CreateTempSubdirectory("portal-local-").FullName;
        // Environments run as another user, who must be able to walk down to them.
        File.SetUnixFileMode(Data, File.GetUnixFileMode(Data) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        Artifacts = new FakeArtifacts(Path.Combine(Data, "artifacts"));
    }

    /// <summary>Another one on the same folder.</summary>
    internal LocalPortal(LocalPortal first) => (Data, Artifacts, isGuest) = (first.Data, first.Artifacts, true);

    public string Data { get; }

    /// <summary>More settings of the provider, by key.</summary>
    public Dictionary<string, string> Settings { get; } = [];

    internal FakeArtifacts Artifacts { get; }

    public RecordedEvents Events { get; } = new();

    internal RecordedPushes Pushes { get; } = new();

    public GitRules Rules { get; } = new();

    public string Url => app!.Urls.First();

    public IServiceProvider Services => app!.Services;

    public IRepositoryHost Repositories => Services.GetRequiredService<IRepositoryHost>();

    public async ValueTask InitializeAsync()
    {
        var builder =
            WebApplication.CreateEmptyBuilder(new WebApplicationOptions { EnvironmentName = Environments.Development });
        builder.Configuration["Portal:Data"] = Data;
        builder.Configuration["Portal:Providers:local:MaxPushMiB"] = "55";
        builder.Configuration["Portal:Providers:local:StartTimeoutSeconds"] = "20";
        builder.Configuration["Portal:Providers:local:StopGraceSeconds"] = "2";
        foreach (var (key, value) in Settings) builder.Configuration[$"Portal:Providers:local:{key}"] = value;
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        var services = builder.Services;
        services.AddRouting();
        services.AddAuthentication("Basic").AddScheme<AuthenticationSchemeOptions, TestBasicAuthentication>(
            "Basic", null);
        services.AddAuthorizationBuilder().AddPolicy(GitHttp.Policy, policy => policy.RequireAuthenticatedUser());
        services.AddSingleton<IProviderEvents>(Events).AddSingleton<ILocalPushes>(Pushes)
            .AddSingleton<IGitAccess>(Rules);
        services.AddLocalProvider(builder.Configuration);
        services.AddSingleton<ILocalArtifacts>(Artifacts);
        app = builder.Build();
        app.UseRouting();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapLocalGit();
        await app.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (app is not null)
        {
            await app.StopAsync();
            await app.DisposeAsync();
        }
        if (!isGuest) Directory.Delete(Data, recursive: true);
    }
}

/// <summary>Who may what: alice everything; the others as a test says.</summary>
public sealed class GitRules : IGitAccess
{
    public ConcurrentDictionary<string, string> Rights { get; } = new() { ["alice"] = "push" };

    public Task<bool> MayReadAsync(ClaimsPrincipal person, Repository repository, CancellationToken cancellation) =>
        Task.FromResult(Rights.ContainsKey(person.Identity!.Name!));

    public Task<bool> MayPushAsync(ClaimsPrincipal person, Repository repository, CancellationToken cancellation) =>
        Task.FromResult(Rights.GetValueOrDefault(person.Identity!.Name!) == "push");
}

public sealed class RecordedEvents : IProviderEvents
{
    public ConcurrentQueue<RepositoryPush> Pushed { get; } = new();

    public ConcurrentQueue<EnvironmentInfo> Environments { get; } = new();

    public Task PushedAsync(string instance, RepositoryPush push, CancellationToken cancellation)
    {
        Pushed.Enqueue(push);
        return Task.CompletedTask;
    }

    public Task PipelineRunChangedAsync(string instance, PipelineRunInfo run, CancellationToken cancellation) =>
        Task.CompletedTask;

    public Task EnvironmentChangedAsync(string instance, EnvironmentInfo environment, CancellationToken cancellation)
    {
        Environments.Enqueue(environment);
        return Task.CompletedTask;
    }
}

internal sealed class RecordedPushes : ILocalPushes
{
    public ConcurrentQueue<LocalPush> Told { get; } = new();

    /// <summary>Thrown at the next push that is told, once.</summary>
    public Exception? FailNext { get; set; }

    public Task PushedAsync(LocalPush push, CancellationToken cancellation)
    {
        if (FailNext is { } failure)
        {
            FailNext = null;
            throw failure;
        }
        Told.Enqueue(push);
        return Task.CompletedTask;
    }
}

internal sealed class TestBasicAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (!AuthenticationHeaderValue.TryParse(Request.Headers.Authorization, out var header))
        {
            return Task.FromResult(AuthenticateResult.NoResult());
        }
        var parts = Encoding.UTF8.GetString(Convert.FromBase64String(header.Parameter!)).Split(':', 2);
        if (parts[1] != LocalPortal.Password) return Task.FromResult(AuthenticateResult.Fail("wrong password"));
        var identity = new ClaimsIdentity(
            [new Claim(ClaimTypes.Name, parts[0]), new Claim(PersonClaims.Subject, "user:default/" + parts[0])],
            Scheme.Name);
        return Task.FromResult(
            AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), Scheme.Name)));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.StatusCode = 401;
        Response.Headers.WWWAuthenticate = "Basic realm=\"portal\"";
        return Task.CompletedTask;
    }
}
