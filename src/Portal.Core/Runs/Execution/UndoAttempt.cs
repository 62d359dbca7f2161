using Microsoft.Extensions.Logging;
using Portal.Core.Access;
using Portal.Core.Providers;
using Portal.Core.Shared;

namespace Portal.Core.Runs.Execution;

/// <summary>
/// An attempt at taking away what a run made: to its end, or to the failure that the run's page shows.
/// </summary>
internal sealed class UndoAttempt(UndoWalk walk, People people, ILogger<UndoAttempt> log)
{
    private const string PortalFault =
        "The portal made a mistake while undoing; its log has the details. What is left is listed below.";

    public async Task<Attempt> ExecuteAsync(RunAttempt attempt)
    {
        var redactor = attempt.Writer.Redactor;
        try
        {
            var actor =
                await people.ActorAsync(EntityRef.Parse(attempt.Run.UndoBy ?? attempt.Run.CreatedBy), attempt.Work);
            await walk.RunAsync(attempt, actor);
            await attempt.EndUndoneAsync();
        }
        catch (ProviderException e)
        {
            await attempt.FailUndoAsync(redactor.Redact(e.Message));
        }
        catch (Exception e) when (RunExecutor.IsFault(e))
        {
            log.LogError(
                "Undoing run {Run} failed by a fault of the portal: {Fault}", attempt.Run.Id,
                redactor.Redact(e.ToString()));
            await attempt.FailUndoAsync(PortalFault);
        }
        return new Attempt(AttemptEnd.Over);
    }
}
