using System.Globalization;

namespace Portal.Core.Shared;

/// <summary>
/// Where the values of a document stand: a tree like the document, so that it costs no more than that.
/// </summary>
internal sealed class YamlPlaces
{
    private Dictionary<string, YamlPlaces>? members;
    private List<YamlPlaces>? items;

    public required YamlPlace Place { get; init; }

    public void Add(string name, YamlPlaces of) =>
        (members ??= new Dictionary<string, YamlPlaces>(StringComparer.Ordinal))[name] = of;

    public void Add(YamlPlaces item) => (items ??= []).Add(item);

    /// <summary>The place of what the JSON pointer names, or of the nearest part above it that has one.</summary>
    public YamlPlace Find(string pointer)
    {
        var at = this;
        foreach (var token in pointer.Split('/').Skip(1))
        {
            if (at.Below(token) is not { } below) break;
            at = below;
        }
        return at.Place;
    }

    private YamlPlaces? Below(string token)
    {
        if (items is not null)
        {
            return int.TryParse(token, NumberStyles.None, CultureInfo.InvariantCulture, out var index)
                && index < items.Count ? items[index] : null;
        }
        return members?.GetValueOrDefault(
            token.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal));
    }
}
