using System.Globalization;
using MudBlazor;
using MudBlazor.Utilities;

namespace Portal.Web.Layout;

/// <summary>
/// The style sheet variables of a palette by the names that MudBlazor's own sheet asks for, without their prefix.
/// </summary>
internal static class MudVariables
{
    public static IEnumerable<(string Name, string Value)> Of(Palette palette)
    {
        foreach (var (name, colour, contrast, darken, lighten) in Tones(palette))
        {
            yield return (name, Hex(colour));
            yield return ($"{name}-rgb", Rgb(colour));
            yield return ($"{name}-text", Hex(contrast));
            yield return ($"{name}-darken", darken);
            yield return ($"{name}-lighten", lighten);
            yield return ($"{name}-hover", $"rgb({Rgb(colour)},0.06)");
        }
        foreach (var (name, colour) in Plain(palette))
        {
            yield return (name, Hex(colour));
        }
        foreach (var (name, colour) in AlsoAsNumbers(palette))
        {
            yield return (name, Hex(colour));
            yield return ($"{name}-rgb", Rgb(colour));
        }
        yield return ("action-default-hover", $"rgb({Rgb(palette.TextPrimary)},0.06)");
        yield return ("gray-default", palette.GrayDefault);
        yield return ("gray-light", palette.GrayLight);
        yield return ("gray-lighter", palette.GrayLighter);
        yield return ("gray-dark", palette.GrayDark);
        yield return ("gray-darker", palette.GrayDarker);
    }

    private static (string, MudColor, MudColor, string, string)[] Tones(Palette p) =>
    [
        ("primary", p.Primary, p.PrimaryContrastText, p.PrimaryDarken, p.PrimaryLighten),
        ("secondary", p.Secondary, p.SecondaryContrastText, p.SecondaryDarken, p.SecondaryLighten),
        ("tertiary", p.Tertiary, p.TertiaryContrastText, p.TertiaryDarken, p.TertiaryLighten),
        ("info", p.Info, p.InfoContrastText, p.InfoDarken, p.InfoLighten),
        ("success", p.Success, p.SuccessContrastText, p.SuccessDarken, p.SuccessLighten),
        ("warning", p.Warning, p.WarningContrastText, p.WarningDarken, p.WarningLighten),
        ("error", p.Error, p.ErrorContrastText, p.ErrorDarken, p.ErrorLighten),
        ("dark", p.Dark, p.DarkContrastText, p.DarkDarken, p.DarkLighten),
    ];

    private static (string, MudColor)[] Plain(Palette p) =>
    [
        ("action-default", p.ActionDefault), ("action-disabled", p.ActionDisabled),
        ("action-disabled-background", p.ActionDisabledBackground), ("background", p.Background),
        ("background-gray", p.BackgroundGray), ("drawer-background", p.DrawerBackground),
        ("drawer-text", p.DrawerText), ("drawer-icon", p.DrawerIcon), ("appbar-background", p.AppbarBackground),
        ("appbar-text", p.AppbarText), ("lines-default", p.LinesDefault), ("lines-inputs", p.LinesInputs),
        ("table-lines", p.TableLines), ("table-striped", p.TableStriped), ("table-hover", p.TableHover),
        ("divider-light", p.DividerLight), ("skeleton", p.Skeleton),
    ];

    private static (string, MudColor)[] AlsoAsNumbers(Palette p) =>
    [
        ("text-primary", p.TextPrimary), ("text-secondary", p.TextSecondary), ("text-disabled", p.TextDisabled),
        ("surface", p.Surface), ("divider", p.Divider),
    ];

    private static string Hex(MudColor colour) => colour.ToString(MudColorOutputFormats.HexA);

    private static string Rgb(MudColor colour) =>
        string.Create(CultureInfo.InvariantCulture, $"{colour.R},{colour.G},{colour.B}");
}
