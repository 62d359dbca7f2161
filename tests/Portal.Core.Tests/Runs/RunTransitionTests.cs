using FsCheck;
using FsCheck.Fluent;
using Portal.Core.Runs;

namespace Portal.Core.Tests.Runs;

/// <summary>The run's own methods: which may follow which, whatever is asked of it in whatever order.</summary>
public sealed class RunTransitionTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    public enum Move
    {
        Take, HandOver, Complete, Fail, Cancel, RequestCancel, Wait, Wake, Retry, StartUndo, EndUndo, FailUndo,
    }

    /// <summary>From where to where; what is not here is refused.</summary>
    private static readonly Dictionary<Move, (RunStatus From, RunStatus To)[]> Legal = new()
    {
        [Move.Take] =
        [
            (RunStatus.Queued, RunStatus.Running), (RunStatus.Running, RunStatus.Running),
            (RunStatus.Undoing, RunStatus.Undoing)
        ],
        [Move.HandOver] =
        [
            (RunStatus.Queued, RunStatus.Queued), (RunStatus.Running, RunStatus.Running),
            (RunStatus.Undoing, RunStatus.Undoing)
        ],
        [Move.Complete] = [(RunStatus.Running, RunStatus.Completed)],
        [Move.Fail] = [(RunStatus.Running, RunStatus.Failed)],
        [Move.Cancel] =
        [
            (RunStatus.Queued, RunStatus.Cancelled), (RunStatus.Running, RunStatus.Cancelled),
            (RunStatus.Waiting, RunStatus.Cancelled)
        ],
        [Move.RequestCancel] =
        [
            (RunStatus.Queued, RunStatus.Cancelled), (RunStatus.Running, RunStatus.Running),
            (RunStatus.Waiting, RunStatus.Cancelled)
        ],
        [Move.Wait] = [(RunStatus.Running, RunStatus.Waiting)],
        [Move.Wake] = [(RunStatus.Waiting, RunStatus.Queued)],
        [Move.Retry] = [(RunStatus.Failed, RunStatus.Queued), (RunStatus.Cancelled, RunStatus.Queued)],
        [Move.StartUndo] =
        [
            (RunStatus.Completed, RunStatus.Undoing), (RunStatus.Failed, RunStatus.Undoing),
            (RunStatus.Cancelled, RunStatus.Undoing), (RunStatus.UndoFailed, RunStatus.Undoing)
        ],
        [Move.EndUndo] = [(RunStatus.Undoing, RunStatus.Undone)],
        [Move.FailUndo] = [(RunStatus.Undoing, RunStatus.UndoFailed)],
    };

    [Fact]
    public void AnyMoves_InAnyOrder_GoByTheTableAndLeaveTheRowWhole() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(2_000).WithEndSize(60),
        Prop.ForAll(
            Arb.From(Gen.Elements(Enum.GetValues<Move>()).ListOf().Select(moves => moves.ToList()), Shorter), Play));

    [Fact]
    public void Table_EachStatus_CanBeReached()
    {
        var reached = new HashSet<RunStatus> { RunStatus.Queued };
        while (Legal.SelectMany(l => l.Value).Where(t => reached.Contains(t.From)).Any(t => reached.Add(t.To)))
        {
        }
        Assert.Equal(Enum.GetValues<RunStatus>().Order(), reached.Order());
    }

    private static void Play(IReadOnlyList<Move> moves)
    {
        var run = new Run
        {
            Title = "Things", Spec = "{}", Values = "{}", CreatedBy = "user:default/ada",
            Owner = "group:default/orders", CreatedAt = Now, Secrets = [1]
        };
        foreach (var move in moves)
        {
            var (before, token) = (run.Status, run.Token);
            var legal = Legal[move].Where(t => t.From == before).Select(t => (RunStatus?)t.To).SingleOrDefault();
            if (legal is null) Assert.Throws<InvalidOperationException>(() => Do(run, move));
            else Do(run, move);
            Assert.Equal(legal ?? before, run.Status);
            Assert.Equal(move == Move.Take && legal is not null ? token + 1 : token, run.Token);
            Assert.Equal(run.Token, run.Attempt);
            CheckRow(run);
        }
    }

    private static void CheckRow(Run run)
    {
        Assert.Equal(run.IsOver, run.FinishedAt is not null);
        Assert.False(run.IsOver && run.IsDue);
        if (!run.IsDue) Assert.Null(run.HeldBy);
        if (run.Status == RunStatus.Waiting) Assert.NotNull(run.Wait);
        else Assert.Null(run.Wait);
        if (run.Status is RunStatus.Completed or RunStatus.Undone) Assert.Null(run.Secrets);
        Assert.Equal(run.Status is RunStatus.Failed or RunStatus.UndoFailed, run.Failure is not null);
    }

    private static void Do(Run run, Move move)
    {
        switch (move)
        {
            case Move.Take: run.Take(Guid.NewGuid(), Now); break;
            case Move.HandOver: run.HandOver(); break;
            case Move.Complete: run.Complete("{}", Now); break;
            case Move.Fail: run.Fail("It broke.", Now); break;
            case Move.Cancel: run.Cancel(Now); break;
            case Move.RequestCancel: run.RequestCancel(Now); break;
            case Move.Wait: run.WaitFor(new RunWait("k", "s", WaitKind.Until, "Waits.", [], null, Now)); break;
            case Move.Wake: run.Wake(); break;
            case Move.Retry: run.Retry(run.CreatedBy); break;
            case Move.StartUndo: run.StartUndo("user:default/ada"); break;
            case Move.EndUndo: run.EndUndo(Now); break;
            case Move.FailUndo: run.FailUndo("It broke.", Now); break;
        }
    }

    private static IEnumerable<List<Move>> Shorter(List<Move> moves) =>
        Enumerable.Range(0, moves.Count).Select(i => moves.Where((_, at) => at != i).ToList());
}
