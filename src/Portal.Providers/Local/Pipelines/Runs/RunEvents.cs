using Portal.Core.Providers;

namespace Portal.Providers.Local.Pipelines.Runs;

/// <summary>
/// Tells the portal of changed runs: per run one call at a time, and what changes meanwhile is told once, as it is
/// then.
/// </summary>
internal sealed class RunEvents(IProviderEvents events, string instance)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, PipelineRunInfo?> pending = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Task> telling = new(StringComparer.Ordinal);

    public void Tell(PipelineRunInfo run)
    {
        lock (gate)
        {
            pending[run.Id] = run;
            if (!telling.ContainsKey(run.Id)) telling[run.Id] = Task.Run(() => TellAsync(run.Id));
        }
    }

    public Task DrainAsync()
    {
        lock (gate) return Task.WhenAll(telling.Values);
    }

    private async Task TellAsync(string id)
    {
        while (true)
        {
            PipelineRunInfo next;
            lock (gate)
            {
                if (!pending.Remove(id, out var waiting) || waiting is null)
                {
                    telling.Remove(id);
                    return;
                }

                next = waiting;
            }

            try
            {
                await events.PipelineRunChangedAsync(instance, next, CancellationToken.None);
            }
            catch (Exception)
            {
                // By contract it does not throw; a portal that does must not stop the run.
            }
        }
    }
}
