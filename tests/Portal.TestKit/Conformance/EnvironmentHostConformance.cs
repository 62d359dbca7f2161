using Portal.Core.Providers;
using Portal.Core.Shared;

namespace Portal.TestKit.Conformance;

/// <summary>
/// What every <see cref="IEnvironmentHost"/> keeps. An adapter inherits it, gives its host and something to run, and
/// passes.
/// </summary>
public abstract class EnvironmentHostConformance : FailingHostConformance
{
    private readonly List<string> made = [];

    protected abstract IEnvironmentHost Host { get; }

    /// <summary>
    /// A pipeline run whose artifact is a service that answers <paramref name="answer"/> at <c>/</c>.
    /// </summary>
    protected abstract Task<EnvironmentVersion> WorkingRunAsync(RepositoryName repository, string answer);

    /// <summary>A pipeline run whose artifact writes "cannot find the settings" and ends.</summary>
    protected abstract Task<EnvironmentVersion> DyingRunAsync(RepositoryName repository);

    protected static CreateEnvironment Request(
        RepositoryName repository, EnvironmentVersion run, string? id = null, string? mark = null) => new(
            id ?? "env-" + Guid.NewGuid().ToString("N")[..8], "dev", "dev", repository, run, "small", mark
                ?? "run-" + Guid.NewGuid().ToString("N")[..8],
            new Dictionary<string, string> { ["portal.owner"] = "group:default/checkout" });

    /// <summary>For hosts that know a version by its pipeline run alone.</summary>
    protected static async Task<EnvironmentVersion> VersionAsync(Task<string> pipelineRun) =>
        new(await pipelineRun, new string('a', 40));

    protected static RepositoryName NewRepository() => new("shop", "svc-" + Guid.NewGuid().ToString("N")[..8]);

    /// <summary>What it answers at <c>/</c>; HttpRequestException when nothing does.</summary>
    protected virtual async Task<string> AskAsync(EnvironmentInfo environment)
    {
        using var client = new HttpClient();
        return await client.GetStringAsync(new Uri(environment.Url!), Cancellation);
    }

    protected override async Task<IReadOnlyList<Func<CancellationToken, Task>>> CallsAsync()
    {
        var repository = NewRepository();
        var run = await WorkingRunAsync(repository, "one");
        var request = Request(repository, run);
        made.Add(request.Id);
        await Host.CreateAsync(request, Cancellation);
        return
        [
            cancellation => Host.CreateAsync(request, cancellation),
            cancellation => Host.FindAsync(request.Id, cancellation),
            cancellation => Host.FindByMarkAsync(request.Mark, cancellation),
            cancellation => Host.ListAsync(cancellation),
            cancellation => Host.DeployAsync(request.Id, run, cancellation),
            cancellation => Host.StopAsync(request.Id, cancellation),
            cancellation => Host.StartAsync(request.Id, cancellation),
            cancellation => Host.ReadLogAsync(request.Id, 0, 10, cancellation),
            cancellation => Host.DestroyAsync(request.Id, cancellation),
        ];
    }

    protected override async Task CleanAsync()
    {
        foreach (var id in made) await Host.DestroyAsync(id, Cancellation);
    }

    [Fact]
    public async Task Create_WorkingVersion_AnswersAtItsUrl()
    {
        var repository = NewRepository();
        var request = Request(repository, await WorkingRunAsync(repository, "one"));
        var made = await Host.CreateAsync(request, Cancellation);
        try
        {
            Assert.Equal(
                (
                    request.Id, "dev", repository, EnvironmentStatus.Running, request.Version!.PipelineRunId, "small",
                    request.Mark),
                        (made.Id, made.Name, made.Repository, made.Status, made.PipelineRunId, made.Size, made.Mark));
            Assert.Equal("one", await AskAsync(made));
            Assert.Equal(made, await Host.FindAsync(made.Id, Cancellation));
            Assert.Equal(made, await Host.FindByMarkAsync(request.Mark, Cancellation));
            Assert.Contains(made, await Host.ListAsync(Cancellation));
        }
        finally
        {
            await Host.DestroyAsync(made.Id, Cancellation);
        }
    }

    [Fact]
    public async Task Create_Again_SameMarkIsTheSameAndAnotherMarkIsAConflict()
    {
        var repository = NewRepository();
        var request = Request(repository, await WorkingRunAsync(repository, "one"));
        var calls = await Task.WhenAll(
            Host.CreateAsync(request, Cancellation), Host.CreateAsync(request, Cancellation));
        try
        {
            Assert.Equal(calls[0], calls[1]);
            Assert.Equal(calls[0], await Host.CreateAsync(request, Cancellation));
            var error = await Assert.ThrowsAsync<ProviderException>(
                () => Host.CreateAsync(request with { Mark = "another" }, Cancellation));
            Assert.Equal((ErrorKind.Conflict, "environment-exists"), (error.Error.Kind, error.Error.Code));
        }
        finally
        {
            await Host.DestroyAsync(request.Id, Cancellation);
        }
    }

    [Fact]
    public async Task Create_DyingVersion_ThrowsWithItsLastWordsAndLeavesNothing()
    {
        var repository = NewRepository();
        var request = Request(repository, await DyingRunAsync(repository));
        var error = await Assert.ThrowsAsync<ProviderException>(() => Host.CreateAsync(request, Cancellation));
        Assert.Contains("cannot find the settings", error.Message, StringComparison.Ordinal);
        Assert.Null(await Host.FindAsync(request.Id, Cancellation));
        Assert.Null(await Host.FindByMarkAsync(request.Mark, Cancellation));
        Assert.DoesNotContain(await Host.ListAsync(Cancellation), e => e.Id == request.Id);
    }

    [Fact]
    public async Task Create_UnknownSizeNoVersionOrWrongId_IsRefused()
    {
        var repository = NewRepository();
        var run = await WorkingRunAsync(repository, "one");
        var size = await Assert.ThrowsAsync<ProviderException>(
            () => Host.CreateAsync(Request(repository, run) with { Size = "enormous" }, Cancellation));
        Assert.Contains("small", size.Message, StringComparison.Ordinal);
        var artifact = await Assert.ThrowsAsync<ProviderException>(
            () => Host.CreateAsync(Request(repository, run) with { Version = null }, Cancellation));
        Assert.Equal(ErrorKind.Invalid, artifact.Error.Kind);
        foreach (var id in (string[])["../x", "Upper", "-x", "", "a b"])
        {
            Assert.Equal(
                ErrorKind.Invalid,
                (await Assert.ThrowsAsync<ProviderException>(
                    () => Host.CreateAsync(Request(repository, run, id), Cancellation))).Error.Kind);
        }
    }

    [Fact]
    public async Task Deploy_WorkingVersion_AnswersAtTheSameUrl()
    {
        var repository = NewRepository();
        var made = await Host.CreateAsync(Request(repository, await WorkingRunAsync(repository, "one")), Cancellation);
        try
        {
            var run = await WorkingRunAsync(repository, "two");
            var deployed = await Host.DeployAsync(made.Id, run, Cancellation);
            Assert.Equal(
                (made.Url, run.PipelineRunId, EnvironmentStatus.Running),
                (deployed.Url, deployed.PipelineRunId, deployed.Status));
            Assert.Equal("two", await AskAsync(deployed));
            Assert.Equal(deployed, await Host.DeployAsync(made.Id, run, Cancellation));
        }
        finally
        {
            await Host.DestroyAsync(made.Id, Cancellation);
        }
    }

    [Fact]
    public async Task Deploy_DyingVersion_ThrowsAndTheOldOneGoesOnServing()
    {
        var repository = NewRepository();
        var made = await Host.CreateAsync(Request(repository, await WorkingRunAsync(repository, "one")), Cancellation);
        try
        {
            var run = await DyingRunAsync(repository);
            var error = await Assert.ThrowsAsync<ProviderException>(() => Host.DeployAsync(made.Id, run, Cancellation));
            Assert.Contains("cannot find the settings", error.Message, StringComparison.Ordinal);
            var now = await Host.FindAsync(made.Id, Cancellation);
            Assert.Equal(
                (made.PipelineRunId, made.Commit, EnvironmentStatus.Running),
                (now!.PipelineRunId, now.Commit, now.Status));
            Assert.Equal("one", await AskAsync(now));
        }
        finally
        {
            await Host.DestroyAsync(made.Id, Cancellation);
        }
    }

    [Fact]
    public async Task Stop_ThenStart_KeepsTheUrl()
    {
        var repository = NewRepository();
        var made = await Host.CreateAsync(Request(repository, await WorkingRunAsync(repository, "one")), Cancellation);
        try
        {
            Assert.Equal(EnvironmentStatus.Stopped, (await Host.StopAsync(made.Id, Cancellation)).Status);
            Assert.Equal(EnvironmentStatus.Stopped, (await Host.StopAsync(made.Id, Cancellation)).Status);
            await Assert.ThrowsAsync<HttpRequestException>(() => AskAsync(made));
            var started = await Host.StartAsync(made.Id, Cancellation);
            Assert.Equal((made.Url, EnvironmentStatus.Running), (started.Url, started.Status));
            Assert.Equal("one", await AskAsync(started));
        }
        finally
        {
            await Host.DestroyAsync(made.Id, Cancellation);
        }
    }

    [Fact]
    public async Task Destroy_Twice_IsGoneAndItsIdIsFree()
    {
        var repository = NewRepository();
        var request = Request(repository, await WorkingRunAsync(repository, "one"));
        var made = await Host.CreateAsync(request, Cancellation);
        await Host.DestroyAsync(made.Id, Cancellation);
        await Host.DestroyAsync(made.Id, Cancellation);
        Assert.Null(await Host.FindAsync(made.Id, Cancellation));
        await Assert.ThrowsAsync<HttpRequestException>(() => AskAsync(made));
        Assert.Equal(
            ErrorKind.NotFound,
            (await Assert.ThrowsAsync<ProviderException>(() => Host.StopAsync(made.Id, Cancellation))).Error.Kind);
        await Host.CreateAsync(request with { Mark = "again" }, Cancellation);
        await Host.DestroyAsync(made.Id, Cancellation);
    }

    [Fact]
    public async Task ReadLog_FromAnyNumber_HasNoGaps()
    {
        var repository = NewRepository();
        var made = await Host.CreateAsync(Request(repository, await WorkingRunAsync(repository, "one")), Cancellation);
        try
        {
            var lines = await Host.ReadLogAsync(made.Id, 0, 1000, Cancellation);
            Assert.NotEmpty(lines);
            Assert.Equal(Enumerable.Range(1, lines.Count).Select(i => (long)i), lines.Select(l => l.Number));
            Assert.Equal(lines.Skip(1).Take(1), await Host.ReadLogAsync(made.Id, 1, 1, Cancellation));
            Assert.Empty(await Host.ReadLogAsync(made.Id, long.MaxValue - 1, 10, Cancellation));
        }
        finally
        {
            await Host.DestroyAsync(made.Id, Cancellation);
        }
    }

    [Fact]
    public void Sizes_OnOffer_AreOrderedAndPriced()
    {
        Assert.NotEmpty(Host.Definitions);
        Assert.All(Host.Definitions, d => Assert.NotEmpty(d.Sizes));
        Assert.All(Host.Definitions, d => Assert.Equal(d.Sizes.OrderBy(s => s.MemoryMiB), d.Sizes));
        Assert.All(
            Host.Definitions.SelectMany(d => d.Sizes),
            s => Assert.True(s.PricePerHour.Amount >= 0 && s.PriceSource.Length > 0 && s.Cpu > 0));
    }
}
