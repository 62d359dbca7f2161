using System.Globalization;
using System.Text;
using MudBlazor;
using MudBlazor.Utilities;

namespace Portal.Web.Layout;

/// <summary>
/// The look of every page: MudBlazor's one theme, and from the same colours the variables of our own style sheet.
/// </summary>
/// <remarks>
/// The colours are written into the page once for light and dark, and the browser chooses. So the first byte is right,
/// also where no circuit is up, and changing the theme asks nothing of the server.
/// </remarks>
internal static class PortalTheme
{
    /// <summary>Our own variables: what MudBlazor's palette has no word for, or says less plainly.</summary>
    public static IReadOnlyDictionary<string, ThemeColour> Colours { get; } =
        new Dictionary<string, ThemeColour>(StringComparer.Ordinal)
        {
            ["bg"] = new("#ffffff", "#121316"),
            ["chrome"] = new("#f8f8fa", "#17181b"),
            ["surface"] = new("#ffffff", "#191b1f"),
            ["surface-2"] = new("#f1f2f4", "#22252a"),
            ["surface-3"] = new("#e6e8ec", "#2d3138"),
            ["code-bg"] = new("#f8f8fa", "#17181b"),
            ["border"] = new("#e4e6ea", "#2b2f35"),
            ["border-strong"] = new("#c3c8d0", "#4a505a"),
            ["field-border"] = new("#8b929e", "#707885"),
            ["row-border"] = new("#eef0f3", "#22252a"),
            ["row-hover"] = new("#f8f8fa", "#191b1f"),
            ["text"] = new("#1b1d22", "#e7e9ed"),
            ["text-2"] = new("#555b66", "#a9b0bb"),
            ["text-3"] = new("#5f6672", "#969dab"),
            ["accent"] = new("#3a52cf", "#97a8ff"),
            ["accent-solid"] = new("#3f57d6", "#4a61da"),
            ["accent-solid-hover"] = new("#3348bd", "#3f55cc"),
            ["accent-soft"] = new("#e9edfd", "#262c4d"),
            ["success"] = new("#14693a", "#62d192"),
            ["success-soft"] = new("#e3f4e9", "#15301f"),
            ["warning"] = new("#855000", "#e9b455"),
            ["warning-soft"] = new("#fcf0da", "#33280f"),
            ["danger"] = new("#b3261e", "#ff8f86"),
            ["danger-soft"] = new("#fdeae8", "#3b1a18"),
            ["danger-solid"] = new("#c0322a", "#c43d35"),
            ["danger-solid-hover"] = new("#a32720", "#b0352e"),
            ["info"] = new("#1c5ca3", "#82b8f7"),
            ["info-soft"] = new("#e7f0fb", "#172c44"),
        };

    public static MudTheme Theme { get; } = new()
    {
        PaletteLight = Filled(new PaletteLight(), colour => colour.Light),
        PaletteDark = Filled(new PaletteDark(), colour => colour.Dark),
        LayoutProperties = new LayoutProperties { DefaultBorderRadius = "6px" },
        Shadows = OnlyWhatFloats(),
        Typography = Words(),
    };

    /// <summary>The style sheet that goes into the head of every page.</summary>
    public static string Css { get; } = Written();

    private static T Filled<T>(T palette, Func<ThemeColour, string> side)
        where T : Palette
    {
        MudColor Of(string name) => new(side(Colours[name]));
        palette.Primary = Of("accent-solid");
        palette.PrimaryDarken = side(Colours["accent-solid-hover"]);
        palette.PrimaryContrastText = "#ffffff";
        palette.Secondary = Of("text-2");
        palette.Tertiary = Of("accent");
        palette.Info = Of("info");
        palette.InfoContrastText = Of("surface");
        palette.Success = Of("success");
        palette.SuccessContrastText = Of("surface");
        palette.Warning = Of("warning");
        palette.WarningContrastText = Of("surface");
        palette.Error = Of("danger-solid");
        palette.ErrorDarken = side(Colours["danger-solid-hover"]);
        palette.ErrorContrastText = "#ffffff";
        palette.Dark = Of("text");
        palette.DarkContrastText = Of("surface");
        palette.Black = "#000000";
        palette.White = "#ffffff";
        palette.Background = Of("bg");
        palette.BackgroundGray = Of("surface-2");
        palette.Surface = Of("surface");
        palette.TextPrimary = Of("text");
        palette.TextSecondary = Of("text-2");
        palette.TextDisabled = Of("text-3");
        palette.ActionDefault = Of("text-2");
        palette.ActionDisabled = Of("text-3");
        palette.ActionDisabledBackground = Of("surface-2");
        palette.LinesDefault = Of("border");
        palette.LinesInputs = Of("field-border");
        palette.TableLines = Of("row-border");
        palette.TableStriped = Of("surface-2");
        palette.TableHover = Of("row-hover");
        palette.Divider = Of("border");
        palette.DividerLight = Of("border");
        palette.Skeleton = Of("surface-2");
        palette.AppbarBackground = Of("bg");
        palette.AppbarText = Of("text");
        palette.DrawerBackground = Of("chrome");
        palette.DrawerText = Of("text");
        palette.DrawerIcon = Of("text-2");
        palette.GrayDefault = side(Colours["text-3"]);
        palette.GrayLight = side(Colours["border-strong"]);
        palette.GrayLighter = side(Colours["surface-3"]);
        palette.GrayDark = side(Colours["text-2"]);
        palette.GrayDarker = side(Colours["text"]);
        return palette;
    }

    private static Shadow OnlyWhatFloats() =>
        new() { Elevation = [.. Enumerable.Range(0, 26).Select(level => level == 0 ? "none" : "var(--floating)")] };

    private static Typography Words()
    {
        string[] sans = ["var(--sans)"];
        T Of<T>(T words, string size, string weight, string lineHeight, string spacing = "0")
            where T : BaseTypography
        {
            words.FontFamily = sans;
            words.FontSize = size;
            words.FontWeight = weight;
            words.LineHeight = lineHeight;
            words.LetterSpacing = spacing;
            words.TextTransform = "none";
            return words;
        }
        return new Typography
        {
            Default = Of(new DefaultTypography(), "0.875rem", "400", "1.5"),
            H1 = Of(new H1Typography(), "1.375rem", "650", "1.3", "-0.015em"),
            H2 = Of(new H2Typography(), "1rem", "600", "1.5", "-0.005em"),
            H3 = Of(new H3Typography(), "0.875rem", "600", "1.45"),
            H4 = Of(new H4Typography(), "0.875rem", "600", "1.45"),
            H5 = Of(new H5Typography(), "0.875rem", "600", "1.45"),
            H6 = Of(new H6Typography(), "1rem", "600", "1.5"),
            Subtitle1 = Of(new Subtitle1Typography(), "0.875rem", "400", "1.5"),
            Subtitle2 = Of(new Subtitle2Typography(), "0.8125rem", "500", "1.5"),
            Body1 = Of(new Body1Typography(), "0.875rem", "400", "1.5"),
            Body2 = Of(new Body2Typography(), "0.8125rem", "400", "1.5"),
            Button = Of(new ButtonTypography(), "0.875rem", "500", "1.43"),
            Caption = Of(new CaptionTypography(), "0.75rem", "400", "1.6"),
            Overline = Of(new OverlineTypography(), "0.75rem", "600", "1.6"),
        };
    }

    private static string Written()
    {
        var css = new StringBuilder();
        Block("html:root", Theme.PaletteLight, colour => colour.Light, "light dark");
        // Chosen by hand, or by the reader's system where nothing was chosen.
        Block("html:root[data-theme=dark]", Theme.PaletteDark, colour => colour.Dark, "dark");
        css.Append("html:root[data-theme=light]{color-scheme:light}@media(prefers-color-scheme:dark){");
        Block("html:root[data-theme=system]", Theme.PaletteDark, colour => colour.Dark, "dark");
        return css.Append('}').ToString();

        void Block(string selector, Palette palette, Func<ThemeColour, string> side, string scheme)
        {
            css.Append(CultureInfo.InvariantCulture, $"{selector}{{color-scheme:{scheme};");
            foreach (var (name, colour) in Colours)
            {
                css.Append(CultureInfo.InvariantCulture, $"--{name}:{side(colour)};");
            }
            foreach (var (name, value) in MudVariables.Of(palette))
            {
                css.Append(CultureInfo.InvariantCulture, $"--mud-palette-{name}:{value};");
            }
            css.Append('}');
        }
    }
}
