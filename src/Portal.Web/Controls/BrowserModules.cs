using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace Portal.Web.Controls;

/// <summary>Loads the scripts of <c>Browser/</c> as modules, when first needed.</summary>
internal static class BrowserModules
{
    public static ValueTask<IJSObjectReference> ImportAsync(this IJSRuntime js, ResourceAssetCollection assets, string name)
    {
        var path = assets[$"lib/{name}.js"];
        return js.InvokeAsync<IJSObjectReference>("import", path.StartsWith('/') ? path : $"/{path}");
    }

    /// <summary>A page that is already gone takes its modules with it: nothing is left to dispose.</summary>
    public static async ValueTask DisposeQuietlyAsync(this IJSObjectReference? reference)
    {
        if (reference is null) return;
        try
        {
            await reference.DisposeAsync();
        }
        catch (JSDisconnectedException)
        {
        }
    }
}
