namespace Portal.Web.Repositories;

/// <summary>A patch line by line, with what each line is: class names of the page.</summary>
internal static class PatchLines
{
    /// <summary>Of one file: a patch of single characters would make more elements than a page can hold.</summary>
    private const int Most = 3_000;

    public static IEnumerable<(string Text, string? Kind)> Of(string patch)
    {
        var shown = 0;
        foreach (var line in patch.TrimEnd('\n').Split('\n'))
        {
            if (++shown > Most)
            {
                yield return ("The rest is not shown here.\n", "place");
                yield break;
            }
            yield return (line + "\n", line switch
            {
                ['@', '@', ..] => "place",
                ['+', ..] => "added",
                ['-', ..] => "removed",
                _ => null,
            });
        }
    }
}
