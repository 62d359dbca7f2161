using Microsoft.Extensions.Options;
using Portal.Core.Catalog;
using Portal.Web.Hosting;

namespace Portal.Web.Catalog;

/// <summary>
/// Loads the sample organisation at start where it is asked for: on a portal that is being tried out, never in
/// Production.
/// </summary>
internal sealed class LoadSample(
    IOptions<PortalOptions> options, IHostEnvironment environment, SampleOrganisation sample,
    ILogger<LoadSample> log) : IHostedService
{
    public const string File = "samples/organisation.yaml";

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!options.Value.Sample) return;
        if (environment.IsProduction())
        {
            log.LogWarning("Portal:Sample is true, but the sample organisation is never loaded in Production");
            return;
        }
        var path = Path.Combine(environment.ContentRootPath, File);
        if (System.IO.File.Exists(path)) await sample.LoadAsync(
            await System.IO.File.ReadAllTextAsync(path, cancellationToken), cancellationToken);
        else log.LogWarning("The sample organisation is not loaded: there is no {Path}", path);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
