using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Portal.Core.Access;
using Portal.Core.Catalog;
using Portal.Core.Catalog.Repositories;
using Portal.Core.Inbound;
using Portal.Core.Data;
using Portal.Core.Data.Clocks;
using Portal.Core.Delivery;
using Portal.Core.Environments;
using Portal.Core.GoldenPaths;
using Portal.Core.GoldenPaths.Templates;
using Portal.Core.Providers;
using Portal.Core.Runs;
using Portal.Core.Shared;
using Portal.Core.Shared.Files;
using Portal.Core.TemplateTests;

namespace Portal.TestKit.Fakes;

/// <summary>
/// The golden paths without a database, over a provider in memory: plans and runs templates that a test writes as YAML.
/// </summary>
public sealed class Plans : IDisposable
{
    public static readonly Actor Ada = new(EntityRef.User("ada"), "Ada", [EntityRef.Group("payments")]);

    private readonly ServiceProvider services;

    public Plans(Action<IServiceCollection>? configure = null)
    {
        var all = new ServiceCollection();
        all.AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
        all.AddSingleton(typeof(ILogger<>), typeof(NullLogger<>)).AddSingleton(TimeProvider.System);
        all.AddGoldenPaths().AddCatalogActions().AddDeliveryActions().AddEnvironmentActions().AddTemplateTests()
            .AddOptions<ProviderDefaults>();
        all.AddSingleton<IProvider>(Host).AddSingleton<ProviderRegistry>().AddSingleton<SeenRepositories>()
            .AddSingleton<KnownRepositories>();
        all.AddSingleton<NewestVersion>();
        all.AddProviderEvents();
        // Older versions of templates would come from it; nothing here asks for them.
        all.AddSingleton<IDbContextFactory<PortalDbContext>>(new NoDatabase());
        all.AddSingleton<IClocks>(new FakeClocks(TimeProvider.System));
        all.AddSingleton<ICatalogWriter>(Records).AddSingleton<IEnvironmentRecords>(Records);
        all.AddSingleton<IPortalAddress>(new FakeAddress()).AddSingleton<EnvironmentVersions>();
        all.AddSingleton<Authorise>().AddSingleton<EnvironmentSubjects>().AddSingleton<DestructionGuard>()
            .AddOptions<ClockOptions>();
        configure?.Invoke(all);
        services = all.BuildServiceProvider();
    }

    public FakeHost Host { get; } = new();

    public FakeRecords Records { get; } = new();

    public T Get<T>() where T : notnull => services.GetRequiredService<T>();

    /// <param name="spec">What stands below <c>spec</c>, indented by two.</param>
    public async Task<Result<RunPlan>> PlanAsync(
        string spec, JsonObject? values = null, FileTree? files = null, JsonObject? secrets = null) =>
        await Get<PlanRun>().PlanAsync(
            Manifest(spec).Spec, Tree(spec, files), values ?? [], secrets, Ada, null, CancellationToken.None);

    /// <summary>Runs it for real, over <see cref="Host"/>.</summary>
    public async Task<RunOutput> RunAsync(
        string spec, RunningHost host, JsonObject? values = null, FileTree? files = null,
        CancellationToken cancellation = default) =>
        await Get<StepWalk>().RunAsync(
            new WalkInput(
                host.RunId, Manifest(spec).Spec, values ?? [], host.Secrets, Ada, null, Tree(spec, files), null,
                host.Workspace, IsPlan: false), host, cancellation);

    /// <summary>Makes a repository that was there before.</summary>
    public Task HasRepositoryAsync(
        string name, FileTree? files = null, string mark = "earlier", string owner = "group:default/payments")
    {
        if (!RepositoryName.TryParse(name, out var parsed))
        {
            throw new ArgumentException($"'{name}' is no repository.", nameof(name));
        }
        return Host.CreateAsync(
            new CreateRepository(
                parsed.Value, "", "main", files ?? FileTree.Empty, "First",
                new CommitAuthor("Ada", "ada@example.org", DateTimeOffset.UnixEpoch), mark, owner),
            CancellationToken.None);
    }

    public static TemplateManifest Manifest(string spec)
    {
        var (manifests, errors) = ManifestReader.Read(Text(spec), "template.yaml");
        return errors.Count == 0 ? manifests[0] : throw new InvalidOperationException(string.Join("\n", errors));
    }

    public static FileTree Tree(string spec, FileTree? files = null) =>
        (files ?? FileTree.Empty).And([.. Trees.Of(("template.yaml", Text(spec))).Files]);

    public static string Text(string spec) => $"""
        apiVersion: scaffolder.backstage.io/v1beta3
        kind: Template
        metadata:
          name: example
        spec:
          type: service
        {spec}
        """;

    public void Dispose() => services.Dispose();

    private sealed class NoDatabase : IDbContextFactory<PortalDbContext>
    {
        public PortalDbContext CreateDbContext() => throw new InvalidOperationException("This test has no database.");
    }
}
