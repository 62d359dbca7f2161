using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace Portal.Web.Controls;

/// <summary>
/// A log that grows. Lines are only ever added; they are rendered once, in chunks, so that adding one costs the same
/// after ten thousand as after ten.
/// </summary>
public sealed partial class LogView
{
    private const int ChunkSize = 100;
    private readonly List<List<string>> chunks = [];
    private AnsiText ansi = new();
    private IReadOnlyList<LogLine>? source;
    private IJSObjectReference? module;
    private IJSObjectReference? attached;
    private ElementReference element;
    private int taken;
    private int digits = 3;

    /// <summary>Add to the same list and render again; another list starts anew.</summary>
    [Parameter, EditorRequired] public required IReadOnlyList<LogLine> Lines { get; set; }
    [Parameter] public string Label { get; set; } = "Log";

    /// <summary>Address of the whole log as a file.</summary>
    [Parameter] public string? DownloadHref { get; set; }
    [Parameter] public bool ShowTimes { get; set; }
    [Parameter] public string None { get; set; } = "Nothing has been written yet.";

    public async ValueTask DisposeAsync()
    {
        await attached.DisposeQuietlyAsync("dispose");
        await module.DisposeQuietlyAsync();
    }

    protected override void OnParametersSet()
    {
        if (!ReferenceEquals(source, Lines) || Lines.Count < taken)
        {
            (source, taken, ansi) = (Lines, 0, new AnsiText());
            chunks.Clear();
        }

        var count = Lines.Count;
        for (; taken < count; taken++)
        {
            if (chunks.Count == 0 || chunks[^1].Count == ChunkSize) chunks.Add(new List<string>(ChunkSize));
            chunks[^1].Add(Html(taken + 1, Lines[taken]));
        }

        digits = Math.Max(3, taken.ToString(CultureInfo.InvariantCulture).Length);
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender) return;
        await BrowserModules.QuietlyAsync(async () =>
        {
            module = await JS.ImportAsync(Assets, "log-view");
            attached = await module.InvokeAsync<IJSObjectReference>("attach", element);
        });
    }

    private string Html(int number, LogLine line)
    {
        var time = ShowTimes && line.At is { } at
            ? WebUtility.HtmlEncode(at.ToUniversalTime().ToString("HH:mm:ss", CultureInfo.InvariantCulture))
            : "";
        var kind = line.Kind == LogLevelKind.Normal ? "" : $" {line.Kind.ToString().ToLowerInvariant()}";
        var said = line.Kind switch
        {
            LogLevelKind.Warning => "<span class=\"sr-only\">Warning: </span>",
            LogLevelKind.Error => "<span class=\"sr-only\">Error: </span>",
            _ => ""
        };
        var stamp = ShowTimes ? $"<span class=\"at\">{time}</span>" : "";
        // The number is drawn by CSS from the attribute: selecting and copying takes the text alone.
        return $"<div class=\"log-line{kind}\" data-n=\"{number}\">{stamp}<span class=\"text\">{said}{ansi.Line(line.Text)}</span></div>";
    }
}
