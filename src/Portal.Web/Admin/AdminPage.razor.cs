using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Portal.Core.Providers;
using Portal.Web.Controls;

namespace Portal.Web.Admin;

/// <summary>What the portal is set to, for its administrators.</summary>
public sealed partial class AdminPage
{
    private const int MostProblems = 20;
    private AdminView? view;
    private InstallationView? installation;

    [Inject] private ReadAdministration Administration { get; set; } = default!;
    [Inject] private ReadInstallation Installation { get; set; } = default!;

    protected override async Task LoadAsync()
    {
        view = OrProblem(await Administration.ReadAsync(Me, Closing));
        if (view is not null) installation = await Installation.ReadAsync(Closing);
    }

    private static IReadOnlyList<(EnvironmentDefinition Definition, EnvironmentSize Size)> Sizes(
        PricedEnvironments host) => [.. host.Definitions.SelectMany(d => d.Sizes.Select(s => (d, s)))];

    private static Status Word(HealthStatus status) => status switch
    {
        HealthStatus.Healthy => Status.Good("Healthy"),
        HealthStatus.Degraded => Status.Warn("Degraded"),
        _ => Status.Bad("Unhealthy"),
    };
}
