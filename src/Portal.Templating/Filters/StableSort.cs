namespace Portal.Templating.Filters;

/// <summary>A stable sort that any comparison is safe with, even one that contradicts itself.</summary>
internal static class StableSort
{
    public static void Sort<T>(List<T> items, Comparison<T> compare)
    {
        if (items.Count < 2) return;

        var from = items.ToArray();
        var to = new T[from.Length];
        for (var width = 1; width < from.Length; width *= 2)
        {
            for (var start = 0; start < from.Length; start += 2 * width)
            {
                Merge(
                    from, to, start, Math.Min(start + width, from.Length), Math.Min(start + (2 * width), from.Length),
                    compare);
            }

            (from, to) = (to, from);
        }

        for (var index = 0; index < from.Length; index++) items[index] = from[index];
    }

    private static void Merge<T>(T[] from, T[] to, int left, int middle, int end, Comparison<T> compare)
    {
        var right = middle;
        for (var (first, index) = (left, left); index < end; index++)
        {
            var takeLeft = first < middle && (right >= end || compare(from[first], from[right]) <= 0);
            to[index] = takeLeft ? from[first++] : from[right++];
        }
    }
}
