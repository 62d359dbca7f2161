using System.Net;
using Microsoft.Extensions.Options;

namespace Portal.Web.Hosting;

/// <summary>The ground that the portal stands on: section <c>Portal</c> of the configuration.</summary>
public sealed class PortalOptions
{
    public const string Section = "Portal";

    /// <summary>
    /// Folder of everything that the portal keeps outside its database, and of the private PostgreSQL when
    /// <c>ConnectionStrings:Portal</c> is empty. Relative to the current folder.
    /// </summary>
    public string Data { get; set; } = ".data";

    /// <summary>IP address to listen on. Development accepts loopback alone.</summary>
    public string Listen { get; set; } = "127.0.0.1";

    /// <summary>TCP port to listen on, 0 to 65535; 0 takes a free one.</summary>
    public int Port { get; set; } = 5080;

    /// <summary>
    /// Where people reach the portal, as an absolute http(s) URL; its host is the one that requests may name.
    /// Empty: the address that it listens on.
    /// </summary>
    public string PublicUrl { get; set; } = "";

    /// <summary>
    /// More host names that requests may name, beside that of <see cref="PublicUrl"/>. Not used in Development.
    /// </summary>
    public IList<string> Hosts { get; init; } = [];

    /// <summary>Loads a small made-up organisation into an empty catalog, once. Never in Production.</summary>
    public bool Sample { get; set; }
}

/// <summary>Collects every failure, and names the key and what it allows.</summary>
internal sealed class PortalOptionsValidator(IHostEnvironment environment) : IValidateOptions<PortalOptions>
{
    public ValidateOptionsResult Validate(string? name, PortalOptions options)
    {
        var failures = new List<string>();
        if (string.IsNullOrWhiteSpace(options.Data)) failures.Add("Portal:Data is empty: give a folder");

        if (!IPAddress.TryParse(options.Listen, out var address))
        {
            failures.Add($"Portal:Listen is '{options.Listen}': give an IP address such as 127.0.0.1");
        }
        else if (environment.IsDevelopment() && !IPAddress.IsLoopback(address))
        {
            failures.Add(
                $"Portal:Listen is '{options.Listen}': Development listens on 127.0.0.1 only; set ASPNETCORE_ENVIRONMENT=Production to serve others");
        }

        if (options.Port is < 0 or > IPEndPoint.MaxPort)
        {
            failures.Add($"Portal:Port is {options.Port}: give a port from 0 to {IPEndPoint.MaxPort}");
        }

        if (options.PublicUrl.Length > 0
            && !(Uri.TryCreate(options.PublicUrl, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"))
        {
            failures.Add(
                $"Portal:PublicUrl is '{options.PublicUrl}': give an absolute http or https URL, or leave it empty");
        }

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
