using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace Portal.Web.Controls;

/// <summary>
/// Asks before something is done that takes something away. Native dialog: the focus moves in, stays in, and goes back;
/// Escape cancels.
/// </summary>
public sealed partial class ConfirmDialog
{
    private readonly string id = $"dialog-{Guid.NewGuid():N}";
    private IJSObjectReference? module;
    private ElementReference element;
    private TaskCompletionSource<bool>? asked;
    private string typed = "";
    private string? error;
    private bool shown, busy, opening, disposed;

    /// <summary>A question that names the thing: "Destroy orders-dev?"</summary>
    [Parameter, EditorRequired] public required string Title { get; set; }

    /// <summary>What the button does: "Destroy environment".</summary>
    [Parameter, EditorRequired] public required string Confirm { get; set; }

    /// <summary>The button's word while it is done.</summary>
    [Parameter] public string Working { get; set; } = "Working …";

    /// <summary>What goes away, and what stays.</summary>
    [Parameter] public RenderFragment? ChildContent { get; set; }

    /// <summary>Has to be typed first: for what holds data.</summary>
    [Parameter] public string? TypeToConfirm { get; set; }
    [Parameter] public bool Destructive { get; set; } = true;

    /// <summary>
    /// Done before the dialog closes; a text that it returns is an error, shown, and the dialog stays.
    /// </summary>
    [Parameter] public Func<Task<string?>>? OnConfirm { get; set; }

    private bool Allowed =>
        TypeToConfirm is null || string.Equals(typed.Trim(), TypeToConfirm, StringComparison.Ordinal);

    /// <summary>Opens; true once confirmed (and done), false when cancelled.</summary>
    public Task<bool> ShowAsync()
    {
        asked?.TrySetResult(false);
        asked = new TaskCompletionSource<bool>();
        (typed, error, busy, shown, opening) = ("", null, false, true, true);
        StateHasChanged();
        return asked.Task;
    }

    public async ValueTask DisposeAsync()
    {
        disposed = true;
        asked?.TrySetResult(false);
        await module.DisposeQuietlyAsync();
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!opening) return;
        opening = false;
        module ??= await JS.ImportAsync(Assets, "dialog");
        await module.InvokeVoidAsync("open", element);
    }

    private async Task ConfirmAsync()
    {
        if (!Allowed || busy) return;
        busy = true;
        error = OnConfirm is null ? null : await OnConfirm();
        busy = false;
        if (error is not null) return;
        asked?.TrySetResult(true);
        await CloseAsync();
    }

    private Task CancelAsync() => CloseAsync();

    private async Task CloseAsync()
    {
        // What was confirmed may have changed the page so that the dialog is not part of it any more.
        if (module is not null && !disposed) await module.InvokeVoidAsync("close", element);
        Closed();
    }

    private void Closed()
    {
        shown = false;
        asked?.TrySetResult(false);
    }
}
