namespace Portal.Web.Controls;

/// <summary>
/// What a service is built with, told by its tags; <c>Browser/technologies.txt</c> lists what is known.
/// </summary>
/// <param name="Path">Of its icon, in a box of 24 by 24.</param>
internal sealed partial record Technology(string Name, IReadOnlyList<string> Tags, string Path)
{
    /// <summary>The first of the list that one of the tags means; null when none is known.</summary>
    public static Technology? Of(IEnumerable<string> tags)
    {
        var asked = tags.ToHashSet(StringComparer.OrdinalIgnoreCase);
        return Array.Find(Known, t => t.Tags.Any(asked.Contains));
    }
}
