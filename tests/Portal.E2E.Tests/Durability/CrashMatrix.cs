using System.Text.Json.Nodes;
using Portal.Core.Runs.Execution;
using Portal.E2E.Tests.Hosting;
using Portal.E2E.Tests.Journeys;

namespace Portal.E2E.Tests.Durability;

/// <summary>
/// Kills a portal at one boundary of one effect, lets it come back and complete the run, then undoes the run and kills
/// it again at a boundary of that; counts what stands outside twice and what is missing.
/// </summary>
/// <param name="start">Starts the portal, with settings of its first start alone.</param>
internal sealed class CrashMatrix(Func<TemplateFolder, string[], Task<DyingPortal>> start)
{
    private static readonly JournalBoundary[] Forward =
    [
        JournalBoundary.BeforeIntent, JournalBoundary.AfterIntent, JournalBoundary.AfterCall,
        JournalBoundary.AfterResult
    ];
    private static readonly JournalBoundary[] Back =
    [
        JournalBoundary.BeforeUndo, JournalBoundary.AfterUndoCall, JournalBoundary.AfterUndoResult
    ];

    private static readonly Dictionary<string, int> Nothing = [];

    public int Cases { get; private set; }

    public int Duplicates { get; private set; }

    public int Lost { get; private set; }

    /// <summary>What was not as it should be, case by case.</summary>
    public List<string> Problems { get; } = [];

    public string Summary => $"crash matrix: {Cases} cases, {Duplicates} duplicates, {Lost} lost";

    /// <summary>
    /// Every boundary of every effect; the undoing of each case meets the next of its own boundaries.
    /// </summary>
    public static int Size => MatrixTemplate.Count * Forward.Length;

    /// <param name="cases">Numbers from 0 below <see cref="Size"/>.</param>
    public async Task RunAsync(IReadOnlyList<int> cases)
    {
        using var templates = new TemplateFolder();
        foreach (var number in cases) MatrixTemplate.Write(templates, NameOf(number));
        var portal = await start(templates, [ForwardPoint(cases[0])]);
        await using var _ = (IAsyncDisposable)portal;
        for (var i = 0; i < cases.Count; i++) await RunAsync(
            portal, cases[i], i + 1 < cases.Count ? [ForwardPoint(cases[i + 1])] : []);
    }

    private async Task RunAsync(DyingPortal portal, int number, string[] next)
    {
        var name = NameOf(number);
        await portal.Client.KnowsTemplateAsync(name);
        var values = new JsonObject { ["name"] = name, ["owner"] = "group:default/orders" };
        var run = await portal.DieAndComeBackAsync(() => portal.Client.StartAsync(name, values), UndoPoint(number));
        await portal.Client.CompletedAsync(run);
        Cases++;
        Compare(await portal.ListingAsync(name), $"{ForwardPoint(number)}, completed", MatrixTemplate.Leaves);

        await portal.DieAndComeBackAsync(() => portal.UndoAsync(run), next);
        await portal.UndoneAsync(run);
        Cases++;
        Compare(await portal.ListingAsync(name), $"{UndoPoint(number)}, undone", Nothing);
    }

    private void Compare(IReadOnlyList<string> listing, string where, IReadOnlyDictionary<string, int> expected)
    {
        // Environments have a tail of their own behind the component's name.
        var kinds = listing.GroupBy(t => t[..t.LastIndexOf(' ')]).ToDictionary(
            g => g.Key, g => g.Count(), StringComparer.Ordinal);
        var twice = kinds.Sum(k => Math.Max(0, k.Value - expected.GetValueOrDefault(k.Key)));
        var missing = expected.Sum(e => Math.Max(0, e.Value - kinds.GetValueOrDefault(e.Key)));
        Duplicates += twice;
        Lost += missing;
        if (twice + missing > 0) Problems.Add($"{where}: {string.Join(", ", listing)}");
    }

    private static string NameOf(int number) => $"case{number:00}";

    private static string ForwardPoint(int number) =>
        $"--Test:FailAt={MatrixTemplate.Effects(NameOf(number))[number / Forward.Length]}/{Forward[number % Forward.Length]}";

    /// <summary>There are fewer boundaries than cases: some come twice.</summary>
    private static string UndoPoint(int number) =>
        $"--Test:FailAt={MatrixTemplate.Effects(NameOf(number))[number / Back.Length % MatrixTemplate.Count]}/{Back[number % Back.Length]}";
}
