using Portal.Web.Controls;

namespace Portal.Web.Layout;

/// <summary>Finds what can be done from anywhere, without going anywhere.</summary>
internal sealed class CommandSearch : ISearchSource
{
    private static readonly (string Title, string Words, string Command, string Icon)[] Commands =
    [
        ("Dark theme", "dark mode night appearance colours", "theme-dark", "moon"),
        ("Light theme", "light mode day appearance colours", "theme-light", "sun"),
        ("Theme of the system", "automatic mode appearance colours", "theme-system", "monitor"),
        ("Sign out", "log out logout leave end session account", "sign-out", "log-out"),
    ];

    public string Group => "Commands";

    public int Order => 90;

    public Task<IReadOnlyList<SearchHit>> SearchAsync(string query, int limit, CancellationToken cancellation)
    {
        IReadOnlyList<SearchHit> hits = [.. Commands
            .Select(c => new SearchHit(
                c.Title, null, "", c.Icon, FuzzyMatch.Score(query, c.Title, c.Words, $"{c.Title} {c.Words}"))
            {
                Command = c.Command,
            })
            .Where(h => h.Score > 0)
            .OrderByDescending(h => h.Score)
            .Take(limit)];
        return Task.FromResult(hits);
    }
}
