using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Portal.Core.GoldenPaths.Runs.Execution;

/// <summary>What an operator sees of runs in traces and metrics. Source and meter are named <c>Portal.Runs</c>.</summary>
public static class RunTelemetry
{
    public const string Name = "Portal.Runs";

    private static readonly ActivitySource Source = new(Name);
    private static readonly Meter Meter = new(Name);
    private static readonly Histogram<double> Duration = Meter.CreateHistogram<double>("portal.run.duration", "s", "Time a run was executed, per attempt.");

    internal static Activity? Start(Run run) => Source.StartActivity("run")?.SetTag("portal.run.id", run.Id).SetTag("portal.template", run.Template);

    internal static void Finished(TimeSpan duration) => Duration.Record(duration.TotalSeconds);
}
