using System.Globalization;
using Portal.Web.Layout;

namespace Portal.Web.Tests.Layout;

/// <summary>
/// Text on the theme's surfaces, in light and dark, pointed at or not: at least 4.5 to 1 (WCAG 2.2, 1.4.3).
/// </summary>
public sealed class ThemeContrastTests
{
    private const string White = "#ffffff";
    private static readonly string[] Surfaces = ["bg", "chrome", "surface", "surface-2", "surface-3"];

    public static TheoryData<string, string> Pairs()
    {
        var pairs = new TheoryData<string, string>
        {
            { White, "accent-solid" }, { White, "accent-solid-hover" }, { White, "danger-solid" },
            { White, "danger-solid-hover" }, { "accent", "accent-soft" },
            { "success", "success-soft" }, { "warning", "warning-soft" }, { "danger", "danger-soft" },
            { "info", "info-soft" }, { "text-3", "code-bg" },
        };
        foreach (var surface in Surfaces)
        {
            pairs.Add("text", surface);
            pairs.Add("text-2", surface);
        }
        return pairs;
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Contrast_OfTextAndWhatIsBehind_IsEnough(string text, string behind)
    {
        Assert.True(Contrast(Of(text).Light, Of(behind).Light) >= 4.5, $"light: {text} on {behind}");
        Assert.True(Contrast(Of(text).Dark, Of(behind).Dark) >= 4.5, $"dark: {text} on {behind}");
    }

    private static (string Light, string Dark) Of(string name) =>
        name == White ? (White, White) : (PortalTheme.Colours[name].Light, PortalTheme.Colours[name].Dark);

    private static double Contrast(string one, string other)
    {
        double[] both = [Luminance(one), Luminance(other)];
        return (both.Max() + 0.05) / (both.Min() + 0.05);
    }

    private static double Luminance(string colour)
    {
        double[] parts = [.. Enumerable.Range(0, 3).Select(i => Linear(
            int.Parse(colour.AsSpan(1 + (2 * i), 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255.0))];
        return (0.2126 * parts[0]) + (0.7152 * parts[1]) + (0.0722 * parts[2]);
    }

    private static double Linear(double part) => part <= 0.04045 ? part / 12.92 : Math.Pow((part + 0.055) / 1.055, 2.4);
}
