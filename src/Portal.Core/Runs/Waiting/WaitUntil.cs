using System.Globalization;
using Portal.Core.Catalog.Actions;
using Portal.Core.Data.Clocks;
using Portal.Core.Runs.Actions;
using Portal.Core.Shared;

namespace Portal.Core.Runs.Waiting;

/// <summary><c>wait:until</c>: the run goes on at a point in time.</summary>
public sealed class WaitUntil(IClocks clocks) : IAction
{
    public ActionDescription Description { get; } = new(
        "wait:until", "Waits, for days if need be, until a point in time.",
        ActionSchema.Parse("""
        {
          "type": "object", "required": ["time"], "additionalProperties": false,
          "properties": { "time": { "type": "string", "minLength": 1, "title": "Time", "description": "ISO 8601, such as 2026-12-01T08:00:00Z; without an offset it is UTC." } }
        }
        """),
        ActionSchema.Nothing,
        [new ActionExample("Wait for the maintenance window", """
            id: window
            name: Wait for the maintenance window
            action: wait:until
            input:
              time: ${{ parameters.window }}
            """)]);

    public async Task ExecuteAsync(ActionContext context, CancellationToken cancellation)
    {
        if (context.IsUnknown("time")) return;
        var text = context.Input.Text("time");
        if (!DateTimeOffset.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out var until))
        {
            throw ActionFailedException.Wrong(
                $"'{text}' is no point in time. Write ISO 8601, such as 2026-12-01T08:00:00Z.");
        }
        if (!context.IsPlan && until <= await clocks.DatabaseAsync(cancellation)) return;
        await context.AwaitAsync(
            new WaitRequest("until", WaitKind.Until, $"Waits until {until:yyyy-MM-dd HH:mm} UTC", [], Until: until),
            cancellation);
    }
}

internal static class Waits
{
    /// <summary>How long to wait at most, as the input gives it; null without one.</summary>
    public static TimeSpan? Within(ActionContext context, string input) =>
        context.IsPlan
            || context.Input.Text(input) is not { Length: > 0 } text ? null : Durations.TryParse(text, out var span)
            ? span
            : throw ActionFailedException.Wrong($"'{text}' is no time to wait. Write {Durations.Examples}.");
}
