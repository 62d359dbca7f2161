using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Portal.Core.Access;
using Portal.Core.Shared;
using Portal.Web.Governance;

namespace Portal.Web.Shared;

/// <summary>A page that reads for the person who is signed in, again whenever its address changes.</summary>
public abstract class PortalPage : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource closing = new();

    protected PortalPage() => Closing = closing.Token;

    /// <summary>
    /// Who looks, as they are now: looked up before <see cref="LoadAsync"/>, before each event of the page and each
    /// look.
    /// </summary>
    protected Actor Me => Current.Known;

    /// <summary>Why the page cannot be shown; null when it can.</summary>
    protected Error? Problem { get; private set; }

    /// <summary>Ends when the page is left.</summary>
    protected CancellationToken Closing { get; }

    /// <summary>Keys of the person and of all their groups: what "mine" means.</summary>
    protected IReadOnlyList<string> Mine => Me.Keys;

    /// <summary>For what a page writes into a text: ask for it in <see cref="LoadAsync"/>.</summary>
    [Inject] private protected EntityTitles Titles { get; set; } = default!;

    [CascadingParameter] private Task<AuthenticationState>? Authentication { get; set; }
    [CascadingParameter] private HttpContext? Request { get; set; }
    [Inject] private CurrentActor Current { get; set; } = default!;

    public void Dispose()
    {
        closing.Cancel();
        closing.Dispose();
        GC.SuppressFinalize(this);
    }

    protected sealed override async Task OnParametersSetAsync()
    {
        if (Authentication is null) return;
        await Current.GetAsync(Closing);
        Problem = null;
        await LoadAsync();
    }

    /// <summary>Reads what the page shows; after it a <see cref="Problem"/> stands, or all is there.</summary>
    protected abstract Task LoadAsync();

    /// <summary>Looks again and again while the page is open, for who looks by then.</summary>
    /// <param name="look">True goes on, false ends it.</param>
    protected Task KeepLookingAsync(TimeProvider time, TimeSpan period, Func<Task<bool>> look) =>
        Heartbeat.FollowAsync(time, period, async () =>
    {
        await Current.GetAsync(Closing);
        return await look();
    }, InvokeAsync, Closing);

    /// <summary>The value; or null, and the page says what is wrong, with the status that scripts understand.</summary>
    protected T? OrProblem<T>(Result<T> result) where T : class
    {
        if (result.TryGet(out var value, out var error)) return value;
        Problem = error;
        Request.Answer(error);
        return null;
    }
}
