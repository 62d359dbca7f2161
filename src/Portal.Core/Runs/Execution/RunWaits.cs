using System.Globalization;
using Portal.Core.Runs.Actions;

namespace Portal.Core.Runs.Execution;

/// <summary>What a run was answered so far. A wait without an answer ends the attempt, not the run.</summary>
internal sealed class RunWaits(IEnumerable<RunSignal> signals)
{
    private readonly Dictionary<string, RunSignal> answers = signals.ToDictionary(s => s.Key, StringComparer.Ordinal);

    public RunSignal Await(string step, int iteration, WaitRequest request)
    {
        var key = string.Create(CultureInfo.InvariantCulture, $"{step}/{iteration}/{request.Name}");
        return answers.TryGetValue(key, out var answer)
            ? answer
            : throw new RunWaitsException(
                new RunWait(key, step, request.Kind, request.Title, request.Approvers, request.Event, request.Until),
                request.Within);
    }
}

/// <summary>Not a failure: the run has to wait, and nobody waits with it.</summary>
internal sealed class RunWaitsException(RunWait wait, TimeSpan? within) : Exception(wait.Title)
{
    /// <summary>How long it waits at most, from now by the database's clock; null = as the wait says.</summary>
    public TimeSpan? Within => within;

    public RunWait Wait { get; } = wait;
}
