using Portal.Core.Catalog.Organisation;
using Portal.Core.Providers;
using Portal.Web.Shared;

namespace Portal.Web.Organisation;

/// <summary>
/// Before the portal serves: the people file is read, and where nobody administers the portal yet, somebody can.
/// </summary>
internal sealed class OrganisationAtStart(
    PeopleFile file, FirstSetUp setUp, IPortalAddress address, IHostApplicationLifetime lifetime,
    ILogger<OrganisationAtStart> log) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await file.LookAsync(cancellationToken);
        if (await setUp.PrepareAsync(cancellationToken) is not { } key) return;
        // Which port it listens on is known by then.
        lifetime.ApplicationStarted.Register(() => log.LogWarning(
            "Nobody administers this portal yet. Set it up within a day at {Address}",
            address.Url + PortalUrls.SetUpWith(key)));
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
