using System.Text;
using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.Core.Shared.Files;
using Portal.TestKit.Conformance;

namespace Portal.Providers.Tests.Outside;

/// <summary>The stand-in is held to what every adapter is held to.</summary>
public sealed class OutsideRepositoryConformanceTests(
    OutsideFixture outside) : RepositoryHostConformance, IClassFixture<OutsideFixture>
{
    protected override IRepositoryHost Host => outside.Repositories;

    protected override bool Fail(HostFailure failure) => outside.Fail(failure);

    protected override void Mend() => outside.Mend();
}

public sealed class OutsidePipelineConformanceTests(
    OutsideFixture outside) : PipelineHostConformance, IClassFixture<OutsideFixture>
{
    protected override IPipelineHost Host => outside.Pipelines;

    protected override bool Fail(HostFailure failure) => outside.Fail(failure);

    protected override void Mend() => outside.Mend();

    protected override async Task<(RepositoryName Repository, string Commit)> NewRepositoryAsync()
    {
        var name = new RepositoryName("shop", "svc-" + Guid.NewGuid().ToString("N")[..8]);
        var made = await outside.CreateAsync(name, ("passes.yml", Passes), ("fails.yml", Fails), ("waits.yml", Waits));
        return (name, made.HeadCommit!);
    }
}

public sealed class OutsideEnvironmentConformanceTests(
    OutsideFixture outside) : EnvironmentHostConformance, IClassFixture<OutsideFixture>
{
    protected override IEnvironmentHost Host => outside.Environments;

    protected override bool Fail(HostFailure failure) => outside.Fail(failure);

    protected override void Mend() => outside.Mend();

    protected override Task<EnvironmentVersion> WorkingRunAsync(RepositoryName repository, string answer) =>
        VersionAsync(RunAsync(repository, answer));

    protected override Task<EnvironmentVersion> DyingRunAsync(RepositoryName repository) =>
        VersionAsync(RunAsync(repository, "dies: cannot find the settings"));

    private async Task<string> RunAsync(RepositoryName repository, string app)
    {
        if (await outside.Repositories.FindAsync(repository, Cancellation) is null)
        {
            await outside.CreateAsync(repository, ("ci.yml", "on: workflow_dispatch"));
        }
        outside.World.Push(repository, "app.txt", app);
        return (await outside.Pipelines.TriggerAsync(
            new TriggerPipeline(repository, "ci.yml", "main", Guid.NewGuid().ToString()), Cancellation)).Id;
    }
}

internal static class OutsideThings
{
    public static Task<Repository> CreateAsync(
        this OutsideFixture outside, RepositoryName name, params (string File, string Text)[] workflows) =>
        outside.Repositories.CreateAsync(Request(name, workflows), TestContext.Current.CancellationToken);

    public static CreateRepository Request(RepositoryName name, params (string File, string Text)[] workflows) => new(
        name, "A service", "main", new FileTree(workflows.Select(
            w => new TreeFile($".github/workflows/{w.File}", Encoding.UTF8.GetBytes(w.Text)))), "Create it",
        new CommitAuthor(
            "Ada", "ada@example.com",
            new DateTimeOffset(2026, 11, 21, 10, 0, 0, TimeSpan.Zero)), "mark-" + name.Name, "group:default/checkout");
}
