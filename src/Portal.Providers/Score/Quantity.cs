using System.Globalization;
using System.Text.RegularExpressions;

namespace Portal.Providers.Score;

/// <summary>Amounts of memory and processor time as Kubernetes and Score write them.</summary>
internal static partial class Quantity
{
    /// <summary>Mebibytes, at least 1; null when the text is no amount.</summary>
    public static int? MiB(string text)
    {
        var match = Memory().Match(text);
        if (!match.Success) return null;
        var bytes = decimal.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) * match.Groups[2].Value switch
        {
            "" => 1m, "k" => 1e3m, "M" => 1e6m, "G" => 1e9m, "Ki" => 1024m, "Mi" => 1048576m, _ => 1073741824m,
        };
        return (int)Math.Min(int.MaxValue, Math.Max(1, bytes / 1048576m));
    }

    /// <summary>Cores; null when the text is no amount.</summary>
    public static decimal? Cores(string text)
    {
        var match = Cpu().Match(text);
        return match.Success
            ? decimal.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) / (
                match.Groups[2].Length > 0 ? 1000 : 1)
            : null;
    }

    /// <summary>As Container Apps want it: <c>0.5Gi</c>.</summary>
    public static string Gi(int mebibytes) =>
        string.Create(CultureInfo.InvariantCulture, $"{mebibytes / 1024m:0.###}Gi");

    [GeneratedRegex(@"^([0-9]{1,12}(?:\.[0-9]{1,6})?)(k|M|G|Ki|Mi|Gi|)\z")]
    private static partial Regex Memory();

    [GeneratedRegex(@"^([0-9]{1,6}(?:\.[0-9]{1,6})?)(m|)\z")]
    private static partial Regex Cpu();
}
