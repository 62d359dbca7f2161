using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Portal.Providers.Local;

/// <summary>Where the portal is reached: its public URL, else the address that the server listens on.</summary>
internal sealed class LocalAddress(IConfiguration configuration, IServiceProvider services)
{
    /// <summary>Without a slash at the end, e.g. <c>http://127.0.0.1:5080</c>.</summary>
    public string Url => (Configured ?? Listening ?? $"http://{configuration["Portal:Listen"] ?? "127.0.0.1"}:{configuration["Portal:Port"] ?? "5080"}").TrimEnd('/');

    private string? Configured => configuration["Portal:PublicUrl"] is { Length: > 0 } url ? url : null;

    private string? Listening => services.GetService<IServer>()?.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault();
}
