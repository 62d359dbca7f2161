using System.Data.Common;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Portal.Core.GoldenPaths.Templates;
using Portal.Core.Shared;

namespace Portal.Web.GoldenPaths.Wizard;

/// <summary>
/// Keeps what is typed on the server, a moment after the typing pauses; at once when the page is left. One save at a
/// time, the last values win. Holds no secrets: it is never given any.
/// </summary>
internal sealed class DraftKeeper(
    Drafts drafts, EntityRef template, Actor actor, TimeProvider time, Guid? existing,
    Func<Task> told) : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(400);

    private readonly SemaphoreSlim saving = new(1, 1);
    private CancellationTokenSource waiting = new();
    private (JsonObject Values, int Page)? latest;

    /// <summary>Null until something was typed.</summary>
    public Guid? Id { get; private set; } = existing;

    /// <summary>False while something typed is not kept yet.</summary>
    public bool IsSaved => latest is null && Id is not null;

    public Error? Failure { get; private set; }

    public void Later(JsonObject values, int page)
    {
        latest = (values, page);
        waiting.Cancel();
        waiting.Dispose();
        waiting = new CancellationTokenSource();
        _ = SaveAfterPauseAsync(waiting.Token);
    }

    /// <param name="reviewedTreeHash">The version that is going to be reviewed; null keeps what was.</param>
    public async Task SaveAsync(JsonObject values, int page, string? reviewedTreeHash = null)
    {
        latest = (values, page);
        await SaveLatestAsync(reviewedTreeHash);
    }

    /// <summary>Nothing is saved any more: the draft is used up or thrown away.</summary>
    public void Forget()
    {
        waiting.Cancel();
        latest = null;
    }

    public async ValueTask DisposeAsync()
    {
        await waiting.CancelAsync();
        if (latest is not null) await SaveLatestAsync(null);
        waiting.Dispose();
    }

    private async Task SaveAfterPauseAsync(CancellationToken cancellation)
    {
        try
        {
            await Task.Delay(Pause, time, cancellation);
        }
        catch (OperationCanceledException)
        {
            return;
        }
        await SaveLatestAsync(null);
        await told();
    }

    private async Task SaveLatestAsync(string? reviewedTreeHash)
    {
        await saving.WaitAsync();
        try
        {
            if (latest is not { } now) return;
            latest = null;
            Failure = null;
            if (Id is null)
            {
                var made = await drafts.CreateAsync(template, now.Values, actor, CancellationToken.None);
                if (!made.TryGet(out var draft, out var error)) Failure = error;
                else Id = draft.Id;
            }
            if (Id is { } id && Failure is null)
            {
                Failure = (await drafts.SaveAsync(
                    id, now.Values, now.Page, reviewedTreeHash, actor, CancellationToken.None)).Error;
            }
        }
        catch (Exception e) when (e is DbException or DbUpdateException)
        {
            Failure = new Error(
                ErrorKind.Unavailable, "draft-not-saved",
                "Your draft is not saved: the database does not answer. What you type is kept in this page; it is tried again with the next change.");
        }
        finally
        {
            saving.Release();
        }
    }
}
