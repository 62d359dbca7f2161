using Bunit;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor.Services;
using Portal.TestKit;
using Portal.Web.Controls;

namespace Portal.Web.Tests.Controls;

/// <summary>Renders a control in memory, with a clock that stands still until it is moved.</summary>
public abstract class ControlTest : BunitContext
{
    protected static readonly DateTimeOffset Now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    protected ControlTest()
    {
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddMudServices();
        Services.AddSingleton<TimeProvider>(Time);
        Services.AddScoped<RelativeClock>();
    }

    protected FakeTimeProvider Time { get; } = new(Now);
}
