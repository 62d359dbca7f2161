using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace Portal.Web.Controls;

/// <summary>
/// A file's text with line numbers. It stands there at once, escaped; colours come when the highlighter is loaded.
/// </summary>
public sealed partial class CodeView
{
    /// <summary>Beyond this a file is cut in the page, in characters.</summary>
    private const int Limit = 256 * 1024;

    private IJSObjectReference? module;
    private ElementReference element;
    private string shown = "";
    private string numbers = "";
    private int lines, version, coloured;

    /// <summary>Shown above it, and tells the language.</summary>
    [Parameter, EditorRequired] public required string Path { get; set; }
    [Parameter, EditorRequired] public required string Content { get; set; }

    /// <summary>A language of the highlighter; by default it is told by the path.</summary>
    [Parameter] public string? Language { get; set; }

    public ValueTask DisposeAsync() => module.DisposeQuietlyAsync();

    protected override void OnParametersSet()
    {
        var text = Content.Length <= Limit ? Content : Content[..Limit];
        if (version > 0 && text == shown) return;
        shown = text;
        // The script writes into the element: each content gets an element of its own.
        version++;
        lines = shown.AsSpan().TrimEnd('\n').Count('\n') + 1;
        numbers = string.Join('\n', Enumerable.Range(1, lines));
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (coloured == version || (Language ?? CodeLanguage.Of(Path)) is not { } language) return;
        coloured = version;
        await BrowserModules.QuietlyAsync(async () =>
        {
            module ??= await JS.ImportAsync(Assets, "code-view");
            await module.InvokeVoidAsync("highlight", element, language);
        });
    }
}
