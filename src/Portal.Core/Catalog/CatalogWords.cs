using Microsoft.EntityFrameworkCore;
using Portal.Core.Entities;
using Portal.Core.Shared;

namespace Portal.Core.Catalog;

/// <summary>What is typed over a list of entities.</summary>
internal static class CatalogWords
{
    private const int MostWords = 8;
    private const int LongestWord = 100;

    /// <summary>Those that hold each word in their name, title, description or a tag.</summary>
    public static IQueryable<CatalogEntity> WithWords(this IQueryable<CatalogEntity> query, string? typed)
    {
        var words = (typed ?? "").Split(
            ' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        foreach (var word in words.Take(MostWords).Select(w => w.Length <= LongestWord ? w : w[..LongestWord]))
        {
            var like = Like.Containing(word);
            query = query.Where(e => EF.Functions.ILike(e.Name, like) || EF.Functions.ILike(e.Title!, like)
                || EF.Functions.ILike(e.Description!, like) || e.Tags.Any(t => EF.Functions.ILike(t, like)));
        }
        return query;
    }
}
