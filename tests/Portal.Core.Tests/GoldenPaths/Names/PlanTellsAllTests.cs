using Microsoft.EntityFrameworkCore;
using Portal.Core.Environments;
using Portal.Core.Providers;
using Portal.Core.Runs;
using Portal.TestKit.Postgres;

namespace Portal.Core.Tests.GoldenPaths.Names;

/// <summary>What the review of a shipped template says will be made is all that its run makes.</summary>
public sealed class PlanTellsAllTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    public static TheoryData<string> Shipped => [.. GoldenPathBench.Shipped];

    [Theory]
    [MemberData(nameof(Shipped))]
    public async Task Run_OfAShippedTemplate_MakesAllThatItsPlanSaysAndNothingElse(string template)
    {
        await using var bench = await GoldenPathBench.OpenAsync(postgres);
        var values = GoldenPathBench.Values("checkout");
        var (repositories, entities) = (await RepositoriesAsync(bench), await bench.EntitiesAsync());
        var plan = await bench.PlanAsync(template, values);

        var run = await bench.RunAsync(template, values);

        Assert.True(run.Run.Status == RunStatus.Completed, run.Run.Failure);
        Assert.Equal(Said(plan, "repository"), (await RepositoriesAsync(bench)).Except(repositories));
        Assert.Equal(Said(plan, "catalog entity"), (await bench.EntitiesAsync()).Except(entities));
        Assert.Equal(Said(plan, "environment"), await EnvironmentsAsync(bench));
        Assert.Equal(Said(plan, "pipeline run").Count, bench.Host.Triggered.Count - 1);
        Assert.Equal(
            plan.Effects.Select(e => e.Summary), run.Changes.OrderBy(c => c.Order).Select(c => c.Summary));
        Assert.All(plan.Effects, e => Assert.True(e.IsCertain));
    }

    private static List<string> Said(RunPlan plan, string what) =>
        [.. plan.Effects.Where(e => e.What == what).SelectMany(e => e.Name.Split(", ")).Order(StringComparer.Ordinal)];

    private static async Task<IReadOnlyList<string>> RepositoriesAsync(GoldenPathBench bench) =>
        [.. (await ((IRepositoryHost)bench.Host).ListAsync(CancellationToken.None)).Select(r => r.Name.ToString())];

    private static async Task<IReadOnlyList<string>> EnvironmentsAsync(GoldenPathBench bench)
    {
        await using var db = bench.Bench.Database.CreateDbContext();
        var rows = await db.Set<PortalEnvironment>().ToListAsync();
        return [.. rows.Select(e => $"{e.Name} of {e.Repository.Split('/')[1]}")];
    }
}
