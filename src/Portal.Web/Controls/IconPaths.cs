using System.Net;

namespace Portal.Web.Controls;

/// <summary>The icons; their paths are generated at build time from the npm package.</summary>
internal static partial class IconPaths
{
    public static bool Has(string name) => Paths.ContainsKey(name);

    public static string Svg(string name, int size, string? label)
    {
        var path = Paths.TryGetValue(name, out var found)
            ? found
            : throw new ArgumentException(
                $"There is no icon '{name}': add its Lucide name to Browser/icons.txt.", nameof(name));
        var said =
            label is null ? "aria-hidden=\"true\"" : $"role=\"img\" aria-label=\"{WebUtility.HtmlEncode(label)}\"";
        return $"<svg class=\"icon icon-{name}\" width=\"{size}\" height=\"{size}\" viewBox=\"0 0 24 24\" fill=\"none\" stroke=\"currentColor\" {said}>{path}</svg>";
    }
}
