using Portal.E2E.Tests.Hosting;
using Portal.TestKit.Postgres;

namespace Portal.E2E.Tests.Durability;

public sealed class CrashMatrixTests(PostgresFixture postgres)
{
    /// <summary>Where the last line of the whole matrix is written for <c>./portal test crash</c>.</summary>
    private const string SummaryVariable = "PORTAL_CRASH_SUMMARY";

    /// <summary>
    /// One boundary of each kind, on an effect of each class; among them the calls that deploy and destroy.
    /// </summary>
    private static readonly int[] Sample = [17, 26, 39, 66, 74];

    /// <summary>
    /// The answer to the creating call is lost with the process: of a repository, a pipeline run and an environment.
    /// The undoing of the first dies before it takes a repository away whose entity is gone already.
    /// </summary>
    private static readonly int[] RemoteSample = [6, 26, 38];

    [Fact]
    public async Task Kill_AtSomeBoundaries_MakesEverythingOnceAndUndoesItAll()
    {
        var matrix = Local();
        await matrix.RunAsync(Sample);
        Assert.True(matrix.Problems.Count == 0, string.Join('\n', matrix.Problems));
        Assert.Equal(2 * Sample.Length, matrix.Cases);
    }

    [Fact]
    public Task Kill_AtSomeBoundariesOnGitHubAndAzure_MakesEverythingOnceAndUndoesItAll() =>
        KillOnGitHubAndAzureAsync(RemoteSample);

    [Fact]
    [Trait("Category", "Crash")]
    public Task Kill_AtEveryBoundaryOnGitHubAndAzure_MakesEverythingOnceAndUndoesItAll() =>
        KillOnGitHubAndAzureAsync([.. Enumerable.Range(0, CrashMatrix.Size)]);

    [Fact]
    [Trait("Category", "Crash")]
    public async Task Kill_AtEveryBoundary_MakesEverythingOnceAndUndoesItAll()
    {
        var matrix = Local();
        await matrix.RunAsync([.. Enumerable.Range(0, CrashMatrix.Size)]);
        if (Environment.GetEnvironmentVariable(SummaryVariable) is { Length: > 0 } file)
        {
            await File.WriteAllTextAsync(file, matrix.Summary + "\n");
        }
        Assert.True(matrix.Problems.Count == 0, $"{matrix.Summary}\n{string.Join('\n', matrix.Problems)}");
        Assert.Equal(2 * CrashMatrix.Size, matrix.Cases);
    }

    private async Task KillOnGitHubAndAzureAsync(int[] cases)
    {
        RemotePortal? remote = null;
        var matrix = new CrashMatrix(async (templates, first) =>
        {
            remote = await RemotePortal.StartAsync(postgres, templates.Path, first);
            // What is tried here in minutes is the work of days: the limit of an hour is another test's.
            remote.GitHub.Limits.Limit = 1_000_000;
            return remote;
        });
        await matrix.RunAsync(cases);
        Assert.True(matrix.Problems.Count == 0, $"{matrix.Summary}\n{string.Join('\n', matrix.Problems)}");
        Assert.Equal(2 * cases.Length, matrix.Cases);
        remote!.GitHub.AssertNoViolations();
        Assert.Empty(remote.Azure.Violations);
    }

    private CrashMatrix Local() =>
        new(async (templates, first) => await DurablePortal.StartAsync(postgres, templates, first));
}
