using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;

namespace Portal.Web.Controls;

/// <summary>
/// Base of what shows the address: rendered again when it changes, also where the page around it has no parameter that
/// does.
/// </summary>
public abstract class FollowsLocation : ComponentBase, IDisposable
{
    [Inject] protected NavigationManager Navigation { get; set; } = default!;

    public void Dispose()
    {
        Navigation.LocationChanged -= Changed;
        GC.SuppressFinalize(this);
    }

    protected override void OnInitialized() => Navigation.LocationChanged += Changed;

    private void Changed(object? sender, LocationChangedEventArgs e) => _ = InvokeAsync(StateHasChanged);
}
