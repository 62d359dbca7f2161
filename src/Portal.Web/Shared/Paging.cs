namespace Portal.Web.Shared;

/// <summary>Pages of a list, counted from 1 in addresses.</summary>
internal static class Paging
{
    /// <summary>How many rows come before the page; for a page that no list has, as many as there can be.</summary>
    public static int Offset(int page, int size) => (int)Math.Min(int.MaxValue, (Math.Max(1L, page) - 1) * size);
}
