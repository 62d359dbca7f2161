using System.Text.Json;
using Microsoft.Extensions.Logging;
using Portal.Core.Data;
using Portal.Core.Data.Clocks;
using Portal.Core.Providers;
using Portal.Core.Runs.Actions;
using Portal.Core.Shared;
using Portal.Core.Shared.Files;

namespace Portal.Core.Runs.Execution;

/// <summary>
/// An attempt at the steps of a run: to their end, to a step that waits, or to the failure that the run's page shows.
/// </summary>
internal sealed class ForwardAttempt(
    StepWalk walk, WalkInputs inputs, EffectRights rights, RunAttempts attempts, TimeProvider time, IClocks clocks,
    ILogger<ForwardAttempt> log,
    IJournalFailPoints? failPoints = null)
{
    /// <summary>Status of the event which says that another holder died.</summary>
    private const string Recovered = "recovered";

    private const string PortalFault =
        "The portal made a mistake in this step; its log has the details. What was made so far is listed below.";

    public async Task<Attempt> ExecuteAsync(RunAttempt attempt)
    {
        var redactor = attempt.Writer.Redactor;
        var host = new ExecutingHost(attempt, failPoints, rights, time);
        try
        {
            if (attempt.Run.Attempt > 1)
            {
                attempt.Writer.Event(
                    RunEventType.Log, null, "Taken up again where the last attempt stopped.",
                    attempt.Taken.TakenOver ? Recovered : null);
            }
            if (attempt.Run.CancelRequested) await attempt.CancelAsync();
            attempt.Work.ThrowIfCancellationRequested();
            var output = await walk.RunAsync(await inputs.OfAsync(attempt), host, attempt.Work);
            await attempt.CompleteAsync(redactor.RedactJson(JsonSerializer.Serialize(output, Json.Options))!);
        }
        catch (RunWaitsException waits)
        {
            await attempt.WaitAsync(waits.Within is { } span
                ? waits.Wait with { Until = await clocks.DatabaseAsync(CancellationToken.None) + span }
                : waits.Wait);
            return new Attempt(AttemptEnd.Waiting);
        }
        catch (OperationCanceledException) when (attempt.IsCancelled && !attempt.IsLost)
        {
            host.Abandon(WalkInputs.SpecOf(attempt.Run), StepStatus.Cancelled);
            await attempt.EndCancelledAsync();
        }
        catch (Exception e) when (Expected(e) is { } message)
        {
            await attempt.FailAsync(redactor.Redact(message), FailureCauses.Of(e));
        }
        catch (Exception e) when (RunExecutor.IsFault(e))
        {
            log.LogError(
                "Run {Run} failed by a fault of the portal: {Fault}", attempt.Run.Id, redactor.Redact(e.ToString()));
            host.Abandon(WalkInputs.SpecOf(attempt.Run), StepStatus.Failed);
            await attempt.FailAfterFaultAsync(PortalFault, attempts.Writer(attempt.Run, redactor));
        }
        return new Attempt(AttemptEnd.Over);
    }

    private static string? Expected(Exception e) => e switch
    {
        ActionFailedException or WorkspaceException or ProviderException => e.Message,
        Templating.TemplateException t => t.ToString(),
        _ => null,
    };
}
