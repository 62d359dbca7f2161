using System.Globalization;
using Portal.Core.Runs.Actions;

namespace Portal.Core.GoldenPaths.Actions.Debugging;

/// <summary><c>debug:wait</c>.</summary>
public sealed class DebugWait(TimeProvider time) : IAction
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    public ActionDescription Description { get; } = new(
        "debug:wait", "Waits, at most 10 minutes.",
        ActionSchema.Parse("""
        {
          "type": "object", "additionalProperties": false,
          "properties": {
            "minutes": { "type": "number", "minimum": 0, "title": "Minutes" },
            "seconds": { "type": "number", "minimum": 0, "title": "Seconds" },
            "milliseconds": { "type": "number", "minimum": 0, "title": "Milliseconds" }
          }
        }
        """),
        ActionSchema.Nothing,
        [new ActionExample("Wait for half a minute", """
            id: wait
            action: debug:wait
            input:
              seconds: 30
            """)]);

    public async Task ExecuteAsync(ActionContext context, CancellationToken cancellation)
    {
        var milliseconds = (context.Input.Number("minutes") ?? 0) * 60_000
            + (context.Input.Number("seconds") ?? 0) * 1_000 + (context.Input.Number("milliseconds") ?? 0);
        if (milliseconds > Longest.TotalMilliseconds)
        {
            throw ActionFailedException.Wrong("debug:wait waits at most 10 minutes. Give a shorter time.");
        }
        var pause = TimeSpan.FromMilliseconds(milliseconds);
        context.Log($"Waiting for {pause.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture)} seconds.");
        if (!context.IsPlan) await Task.Delay(pause, time, cancellation);
    }
}
