using Portal.TestKit.Postgres;

namespace Portal.E2E.Tests.Durability;

public sealed class CrashMatrixTests(PostgresFixture postgres)
{
    /// <summary>Where the last line of the whole matrix is written for <c>./portal test crash</c>.</summary>
    private const string SummaryVariable = "PORTAL_CRASH_SUMMARY";

    /// <summary>One boundary of each kind, on an effect of each class.</summary>
    private static readonly int[] Sample = [2, 17, 26, 39, 46];

    [Fact]
    public async Task Kill_AtSomeBoundaries_MakesEverythingOnceAndUndoesItAll()
    {
        var matrix = new CrashMatrix(postgres);
        await matrix.RunAsync(Sample);
        Assert.True(matrix.Problems.Count == 0, string.Join('\n', matrix.Problems));
        Assert.Equal(2 * Sample.Length, matrix.Cases);
    }

    [Fact]
    [Trait("Category", "Crash")]
    public async Task Kill_AtEveryBoundary_MakesEverythingOnceAndUndoesItAll()
    {
        var matrix = new CrashMatrix(postgres);
        await matrix.RunAsync([.. Enumerable.Range(0, CrashMatrix.Size)]);
        if (Environment.GetEnvironmentVariable(SummaryVariable) is { Length: > 0 } file) await File.WriteAllTextAsync(file, matrix.Summary + "\n");
        Assert.True(matrix.Problems.Count == 0, $"{matrix.Summary}\n{string.Join('\n', matrix.Problems)}");
        Assert.Equal(2 * CrashMatrix.Size, matrix.Cases);
    }
}
