using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Portal.Core.Runs.Execution;

/// <summary>
/// What an operator sees of runs in traces and metrics. Source and meter are named <c>Portal.Runs</c>.
/// </summary>
public static class RunTelemetry
{
    public const string Name = "Portal.Runs";

    private static readonly ActivitySource Source = new(Name);
    private static readonly Meter Meter = new(Name);
    private static readonly Histogram<double> AttemptDuration = Meter.CreateHistogram<double>(
        "portal.run.duration", "s", "Time a run was executed, per attempt.");
    private static readonly Histogram<double> QueueTime = Meter.CreateHistogram<double>(
        "portal.run.queue_time", "s", "From Create to the first attempt.");
    private static readonly Histogram<double> StepDuration = Meter.CreateHistogram<double>(
        "portal.run.step.duration", "s", "By action and status.");
    private static readonly Histogram<double> EffectDuration = Meter.CreateHistogram<double>(
        "portal.run.effect.duration", "s", "Time of a call to a provider, by kind.");
    private static readonly Counter<long> RunsEnded = Meter.CreateCounter<long>(
        "portal.runs.ended", "{run}", "By status.");
    private static readonly Counter<long> Effects = Meter.CreateCounter<long>(
        "portal.run.effects", "{effect}", "By kind and outcome: performed, or found after a crash or a lost answer.");
    private static readonly Counter<long> FencedWrites = Meter.CreateCounter<long>(
        "portal.run.fenced_writes", "{write}", "Refused because another replica holds the run.");
    private static readonly Counter<long> TakeOvers = Meter.CreateCounter<long>(
        "portal.run.takeovers", "{run}", "Taken from a replica that died.");
    private static readonly Gauge<double> QueueAge = Meter.CreateGauge<double>(
        "portal.runs.queue_age", "s", "Age of the oldest run that nobody executes although it is due; 0 without one.");
    private static readonly Gauge<long> Open = Meter.CreateGauge<long>(
        "portal.runs.open", "{run}", "Runs that are not over, by status.");

    internal static Activity? Start(Run run) =>
        Source.StartActivity("run")?.SetTag("portal.run.id", run.Id).SetTag("portal.template", run.Template).SetTag(
            "portal.run.attempt", run.Attempt);

    internal static void Attempted(TimeSpan duration) => AttemptDuration.Record(duration.TotalSeconds);

    internal static void Queued(TimeSpan waited) => QueueTime.Record(waited.TotalSeconds);

    internal static void Step(string action, string status, TimeSpan duration) =>
        StepDuration.Record(duration.TotalSeconds, new("action", action), new("status", status));

    internal static void Ended(string status) => RunsEnded.Add(1, new KeyValuePair<string, object?>("status", status));

    internal static void Effect(string kind, string outcome, TimeSpan? duration = null)
    {
        Effects.Add(1, new("kind", kind), new("outcome", outcome));
        if (duration is { } taken)
        {
            EffectDuration.Record(taken.TotalSeconds, new KeyValuePair<string, object?>("kind", kind));
        }
    }

    internal static void Fenced() => FencedWrites.Add(1);

    internal static void TakenOver() => TakeOvers.Add(1);

    internal static void Queue(TimeSpan oldest, IReadOnlyDictionary<RunStatus, int> open)
    {
        QueueAge.Record(oldest.TotalSeconds);
        foreach (var status in UnderWay.Statuses)
        {
            Open.Record(
                open.GetValueOrDefault(status),
                new KeyValuePair<string, object?>("status", status.ToString().ToLowerInvariant()));
        }
    }
}
