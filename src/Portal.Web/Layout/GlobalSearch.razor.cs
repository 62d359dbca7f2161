using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.JSInterop;
using Portal.Core.Access;

namespace Portal.Web.Layout;

/// <summary>The search of the top bar: one field over every source, by keyboard alone where one likes.</summary>
public sealed partial class GlobalSearch
{
    private const int PerGroup = 5;

    /// <summary>
    /// From this score on something is clearly meant, and guesses below <see cref="Guess"/> would only be in its way.
    /// </summary>
    private const int Clear = 70;
    private const int Guess = 50;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private IReadOnlyList<(string Name, IReadOnlyList<SearchHit> Hits)> groups = [];
    private List<SearchHit> hits = [];
    private CancellationTokenSource? running;
    private string query = "";
    private int active;
    private bool focused, searching, dismissed;

    [CascadingParameter] private Task<AuthenticationState>? Authentication { get; set; }

    private bool Open => focused && !dismissed && (query.Trim().Length > 0 || hits.Count > 0);

    public void Dispose()
    {
        running?.Cancel();
        running?.Dispose();
    }

    private async Task InputAsync()
    {
        dismissed = false;
        running?.Cancel();
        running?.Dispose();
        running = new CancellationTokenSource();
        var cancellation = running.Token;
        searching = true;
        try
        {
            // What is typed in one go is searched for once.
            await Task.Delay(Pause, cancellation);
            if (query.Trim().Length == 0)
            {
                await ShowRecentAsync();
                return;
            }
            var found = await Task.WhenAll(Sources.Select(source => AskAsync(source, query.Trim(), cancellation)));
            cancellation.ThrowIfCancellationRequested();
            Show(found);
        }
        catch (OperationCanceledException)
        {
        }
    }

    /// <summary>A source that fails must not take the others with it.</summary>
    private async Task<(ISearchSource Source, IReadOnlyList<SearchHit> Hits)> AskAsync(
        ISearchSource source, string text, CancellationToken cancellation)
    {
        try
        {
            return (source, text.Length == 0 ? [] : await source.SearchAsync(text, PerGroup, cancellation));
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            Log.LogError(e, "Searching {Group} failed.", source.Group);
            return (source, []);
        }
    }

    private void Show(IEnumerable<(ISearchSource Source, IReadOnlyList<SearchHit> Hits)> found)
    {
        var answers = found.ToList();
        var least = answers.Exists(f => f.Hits.Any(h => h.Score >= Clear)) ? Guess : 0;
        groups = [.. answers
            .Select(f => (f.Source, Hits: (IReadOnlyList<SearchHit>)[.. f.Hits.Where(h => h.Score >= least)]))
            .Where(f => f.Hits.Count > 0)
            .OrderByDescending(f => f.Hits[0].Score)
            .ThenBy(f => f.Source.Order)
            .Select(f => (f.Source.Group, f.Hits))];
        hits = [.. groups.SelectMany(g => g.Hits)];
        active = 0;
        searching = false;
    }

    private async Task Key(KeyboardEventArgs key)
    {
        switch (key.Key)
        {
            case "ArrowDown" when hits.Count > 0: active = (active + 1) % hits.Count; dismissed = false; break;
            case "ArrowUp" when hits.Count > 0: active = (active + hits.Count - 1) % hits.Count; break;
            case "Enter" when Open && !searching && active < hits.Count: await GoAsync(hits[active]); break;
            case "Escape" when Open: dismissed = true; break;
            case "Escape": query = ""; break;
        }
    }

    private async Task GoAsync(SearchHit hit)
    {
        (query, groups, hits) = ("", [], []);
        if (await PersonAsync() is { } person) Recent.Add(person, hit);
        if (hit.Command is { } command) await JS.InvokeVoidAsync("portalCommand", command);
        else Navigation.NavigateTo(hit.Url);
    }

    private async Task Enter()
    {
        (focused, dismissed) = (true, false);
        if (query.Trim().Length == 0) await ShowRecentAsync();
    }

    /// <summary>Where nothing is typed yet: what one went to lately.</summary>
    private async Task ShowRecentAsync()
    {
        hits = await PersonAsync() is { } person ? [.. Recent.Of(person)] : [];
        groups = hits.Count == 0 ? [] : [("Recent", hits)];
        (active, searching) = (0, false);
    }

    private async Task<string?> PersonAsync() =>
        Authentication is null ? null : (await Authentication).User.FindFirst(PersonClaims.Subject)?.Value;

    private void Leave() => focused = false;
}
