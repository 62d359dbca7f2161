using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Portal.TestKit.GitHub.Description;
using Portal.TestKit.GitHub.Server;
using Portal.TestKit.GitHub.Server.Actions;
using Portal.TestKit.GitHub.Server.Hooks;
using Portal.TestKit.GitHub.Server.Settings;
using Portal.TestKit.Outside;

namespace Portal.TestKit.GitHub;

/// <summary>
/// GitHub on 127.0.0.1, laid out like an Enterprise Server: the API below <c>/api/v3/</c>, web and git at the root. It
/// keeps what it is told in real git repositories and in memory, and holds every request against GitHub's own
/// description of its API.
/// </summary>
public sealed partial class GitHubWorld : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly WorldState state;
    private readonly AppIdentity identity = new();
    private readonly PipelineSettings pipelines = new();
    private readonly WebhookSender sender;

    private GitHubWorld(WebApplication app, WorldState state)
    {
        (this.app, this.state) = (app, state);
        Limits = new GitHubLimits(state.Clock);
        sender = new WebhookSender(state, identity);
    }

    /// <summary>The root: web pages, and git below it.</summary>
    public Uri Address => new(state.Web + "/");

    public Uri ApiAddress => new(state.Api + "/");

    /// <summary>Such as <c>127.0.0.1:40123</c>.</summary>
    public string Host => Address.Authority;

    public string AppId => identity.Id;

    public string AppClientId => identity.ClientId;

    public string AppSlug => identity.Slug;

    /// <summary>The app's key, PKCS#1 as GitHub hands it out.</summary>
    public string PrivateKeyPem => identity.Key.ExportRSAPrivateKeyPem();

    public string WebhookSecret => identity.WebhookSecret;

    /// <summary>A classic token of the person <c>machine</c>, who may do everything.</summary>
    public string Token { get; } = "ghp_" + Guid.NewGuid().ToString("N");

    /// <summary>The address that git clones, with a token in it.</summary>
    /// <param name="repository">Owner and name.</param>
    public string CloneUrl(string repository, string token) => $"http://x-access-token:{token}@{Host}/{repository}.git";

    /// <summary>
    /// By login; begins with <c>shop</c>, its teams <c>checkout</c> and <c>platform</c>, its members <c>ada</c> and
    /// <c>alan</c>.
    /// </summary>
    public IReadOnlyDictionary<string, GitHubOrganisation> Organisations => state.Organisations;

    /// <summary>
    /// Counts of calls and faults go by the operation's name in GitHub's description: <c>POST /orgs/{org}/repos</c>.
    /// </summary>
    public OutsideLedger Ledger => state.Ledger;

    public OutsideFaults Faults { get; } = new();

    public GitHubLimits Limits { get; }

    /// <summary>An answer is out whole: the operation and its status. The client may not have read it yet.</summary>
    public event Action<string, int>? Answered;

    /// <summary>
    /// How long a workflow run takes; 0 = it is over before the answer to whoever started it, unless a step sleeps.
    /// </summary>
    public TimeSpan PipelineTime
    {
        get => pipelines.Time;
        set => pipelines.Time = value;
    }

    /// <summary>
    /// How long a new run is missing in the lists of runs, as at GitHub, where it takes some seconds; 0 unless set.
    /// </summary>
    public TimeSpan RunsAppearAfter
    {
        get => pipelines.AppearsAfter;
        set => pipelines.AppearsAfter = value;
    }

    /// <summary>Scripts of workflow steps really run, with bash in an empty folder.</summary>
    public bool RunsScripts
    {
        get => pipelines.RunsScripts;
        set => pipelines.RunsScripts = value;
    }

    /// <summary>Where the app's webhooks go, signed with <see cref="WebhookSecret"/>; null = nowhere.</summary>
    public Uri? AppWebhook
    {
        get => sender.AppAddress;
        set => sender.AppAddress = value;
    }

    /// <summary>Every webhook that was sent, oldest first.</summary>
    public IReadOnlyList<GitHubDelivery> Deliveries => sender.Deliveries;

    /// <summary>What was asked otherwise than GitHub describes.</summary>
    public IReadOnlyList<string> Violations => [.. state.Violations];

    /// <summary>What the world answered otherwise than GitHub describes: to be mended here.</summary>
    public IReadOnlyList<string> Mistakes => [.. state.Mistakes];

    public static async Task<GitHubWorld> StartAsync(GitHubWorldOptions? options = null)
    {
        options ??= new GitHubWorldOptions();
        var description = await ApiDescription.LoadAsync();
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls($"http://127.0.0.1:{options.Port}");
        builder.WebHost.UseShutdownTimeout(TimeSpan.Zero);
        builder.Logging.ClearProviders();
        builder.Services.Configure<KestrelServerOptions>(kestrel => kestrel.Limits.MaxRequestBodySize = null);
        var world = new GitHubWorld(
            builder.Build(), new WorldState(options, Directory.CreateTempSubdirectory("portal-github-").FullName));
        (world.PipelineTime, world.RunsScripts) = (options.PipelineTime, options.RunScripts);
        world.Fill();
        world.Map(description, options);
        await world.app.StartAsync();
        world.state.Web = world.app.Urls.Single().TrimEnd('/');
        return world;
    }

    /// <summary>Fails when anything was asked otherwise than GitHub describes, or answered so.</summary>
    public void AssertNoViolations()
    {
        var all = Violations.Concat(Mistakes.Select(mistake => $"(the world itself) {mistake}"))
            .Distinct(StringComparer.Ordinal).ToList();
        Assert.True(all.Count == 0, string.Join('\n', all));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var run in state.Repositories.Values.SelectMany(r => r.Runs)) await run.Cancellation.CancelAsync();
        await sender.DisposeAsync();
        await app.DisposeAsync();
        identity.Dispose();
        Directory.Delete(state.Folder, recursive: true);
    }

    private void Fill()
    {
        foreach (var login in (string[])["ada", "alan", "grace", "machine", identity.Login]) state.UserId(login);
        state.Tokens[Token] = new Caller(CallerKind.User, "machine", IsAdmin: true);
        var shop = AddOrganisation("shop");
        shop.Members["ada"] = "admin";
        shop.Members["alan"] = "member";
        AddTeam("shop", "checkout", "ada");
        AddTeam("shop", "platform", "alan");
    }

    private void Map(ApiDescription description, GitHubWorldOptions options)
    {
        var authentication = new Authentication(state, identity);
        var api = new ApiServer(
            state, description,
            Routes.Make(description, state, identity, Limits, pipelines, sender, new SealedBox(options.SecretsKey)),
            authentication, Limits, new FaultyAnswers(Faults),
            (operation, status) => Answered?.Invoke(operation, status));
        var git = new GitServer(state, authentication);
        var web = new WebServer(state);
        app.Run(context =>
        {
            var path = context.Request.Path.Value!;
            if (path.StartsWith("/api/v3/", StringComparison.Ordinal)) return api.ServeAsync(context);
            var parts = path.Split('/', 4);
            return parts is [_, var owner, var name, var rest] && name.EndsWith(".git", StringComparison.Ordinal)
                ? git.ServeAsync(context, owner, name[..^4], rest) : web.ServeAsync(context);
        });
    }
}
