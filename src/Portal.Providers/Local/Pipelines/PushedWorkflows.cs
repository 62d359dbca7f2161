using Portal.Core.Providers;
using Portal.Providers.Local.Pipelines.Actions;
using Portal.Providers.Local.Pipelines.Runs;
using Portal.Providers.Local.Pipelines.Workflows;

namespace Portal.Providers.Local.Pipelines;

/// <summary>Starts the workflows of a pushed commit whose <c>on: push</c> takes the push.</summary>
internal sealed class PushedWorkflows(LocalFolders folders, PipelineRuns runs) : ILocalPushes
{
    public async Task PushedAsync(LocalPush push, CancellationToken cancellation)
    {
        var told = push.Push;
        var folder = folders.Repository(told.Repository);
        if (told.After is not { } after || !Directory.Exists(folder)) return;
        // A tag may name anything: only one that leads to a commit has workflows.
        var commit = push.IsTag ? await LocalReferences.FindCommitAsync(folder, after, cancellation) : after;
        if (commit is null) return;
        var changed = new Lazy<Task<IReadOnlyList<string>?>>(
            () => PushedChanges.FindAsync(folder, told.Before, commit, cancellation));
        string? subject = null;
        foreach (var (path, text) in await new CommitFiles(folder, commit).ReadWorkflowsAsync(cancellation))
        {
            if (!await TakesAsync(path, text, push, changed)) continue;
            subject ??= (await LocalReferences.FindAsync(folder, commit, cancellation))?.Subject ?? "";
            await runs.AddAsync(RunOf(push, Path.GetFileName(path), commit, subject));
        }
    }

    /// <summary>The same push that is told again is the same run.</summary>
    private static NewRun RunOf(LocalPush push, string workflow, string commit, string subject) => new(
        push.Push.Repository, workflow, $"push:{push.Id}:{workflow}", commit, subject,
        $"refs/{(push.IsTag ? "tags" : "heads")}/{push.Push.Branch}", PipelineTrigger.Push)
    {
        Before = push.Push.Before, By = push.Push.By,
    };

    private static async Task<bool> TakesAsync(
        string path, string text, LocalPush push, Lazy<Task<IReadOnlyList<string>?>> changed)
    {
        PushFilter? filter;
        try
        {
            filter = WorkflowParser.Parse(path, text).Push;
        }
        catch (WorkflowException)
        {
            // It becomes a run that fails with the reason: a broken workflow must not look like none.
            return true;
        }

        if (filter is null || !filter.TakesReference(push.Push.Branch, push.IsTag)) return false;
        // Of a tag nothing has changed: its paths are not asked for, as at GitHub.
        return push.IsTag || !filter.NeedsChangedFiles || filter.TakesPaths(await changed.Value);
    }
}
