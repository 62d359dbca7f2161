using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace Portal.Web.Controls;

/// <summary>Loads the scripts of <c>Browser/</c> as modules, when first needed.</summary>
internal static class BrowserModules
{
    public static ValueTask<IJSObjectReference> ImportAsync(
        this IJSRuntime js, ResourceAssetCollection assets, string name)
    {
        var path = assets[$"lib/{name}.js"];
        return js.InvokeAsync<IJSObjectReference>("import", path.StartsWith('/') ? path : $"/{path}");
    }

    /// <summary>Tells a script that its part of the page goes, and lets go of it.</summary>
    public static ValueTask DisposeQuietlyAsync(this IJSObjectReference? reference, string? farewell = null) =>
        reference is null
            ? ValueTask.CompletedTask
            : QuietlyAsync(async () =>
            {
                if (farewell is not null) await reference.InvokeVoidAsync(farewell);
                await reference.DisposeAsync();
            });

    /// <summary>
    /// A page that is already gone, or goes meanwhile, takes its scripts with it: nothing is left to call.
    /// </summary>
    public static async ValueTask QuietlyAsync(Func<ValueTask> call)
    {
        try
        {
            await call();
        }
        catch (Exception e) when (e is JSDisconnectedException or OperationCanceledException or ObjectDisposedException)
        {
        }
    }
}
