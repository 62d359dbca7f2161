using Portal.TestKit.Postgres;

namespace Portal.E2E.Tests.Hosting;

/// <summary>A portal of one test class, which may start it again or move its clock.</summary>
public sealed class OwnPortal(PostgresFixture postgres) : IAsyncDisposable
{
    private PortalHost? portal;

    public async Task<PortalHost> PortalAsync() => portal ??= await PortalHost.StartAsync(postgres);

    public async ValueTask DisposeAsync()
    {
        if (portal is not null) await portal.DisposeAsync();
    }
}
