using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

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

    private bool Open => focused && !dismissed && query.Trim().Length > 0;

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

    private void Key(KeyboardEventArgs key)
    {
        switch (key.Key)
        {
            case "ArrowDown" when hits.Count > 0: active = (active + 1) % hits.Count; dismissed = false; break;
            case "ArrowUp" when hits.Count > 0: active = (active + hits.Count - 1) % hits.Count; break;
            case "Enter" when Open && !searching && active < hits.Count: Go(hits[active]); break;
            case "Escape" when Open: dismissed = true; break;
            case "Escape": query = ""; break;
        }
    }

    private void Go(SearchHit hit)
    {
        (query, groups, hits) = ("", [], []);
        Navigation.NavigateTo(hit.Url);
    }

    private void Leave() => focused = false;
}
