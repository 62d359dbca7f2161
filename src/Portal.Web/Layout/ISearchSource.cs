namespace Portal.Web.Layout;

/// <summary>
/// One kind of thing that the search in the top bar finds. Register implementations as scoped
/// <see cref="ISearchSource"/>; each answers only with what the person who asks may see.
/// </summary>
public interface ISearchSource
{
    /// <summary>Heading above its results, in the plural: "Templates".</summary>
    string Group { get; }

    /// <summary>
    /// Groups are shown in this order when their best hits are equally good; pages come last with 100.
    /// </summary>
    int Order { get; }

    /// <summary>The best hits first; score them with <see cref="Controls.FuzzyMatch"/>.</summary>
    Task<IReadOnlyList<SearchHit>> SearchAsync(string query, int limit, CancellationToken cancellation);
}

/// <param name="Detail">Beside the title, e.g. the owner.</param>
/// <param name="Icon">A name from <c>Browser/icons.txt</c>.</param>
/// <param name="Score">0 to 100.</param>
public sealed record SearchHit(string Title, string? Detail, string Url, string Icon, int Score)
{
    /// <summary>What is done instead of going somewhere, as <c>Browser/shell.js</c> calls it.</summary>
    public string? Command { get; init; }
}
