using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Providers;

namespace Portal.Providers;

/// <summary>Where the portal is reached: its public URL, else the address that the server listens on.</summary>
public sealed class PortalAddress(IConfiguration configuration, IServiceProvider services) : IPortalAddress
{
    public string Url => (
        Configured
            ?? Listening ?? $"http://{configuration["Portal:Listen"] ?? "127.0.0.1"}:{configuration["Portal:Port"] ?? "5080"}").TrimEnd(
            '/');

    private string? Configured => configuration["Portal:PublicUrl"] is { Length: > 0 } url ? url : null;

    private string? Listening =>
        services.GetService<IServer>()?.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault();
}
