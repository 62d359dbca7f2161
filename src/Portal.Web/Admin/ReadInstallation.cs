using System.Reflection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Portal.Core.Access;
using Portal.Core.Catalog;
using Portal.Core.Providers;
using Portal.Web.Governance;
using Portal.Web.Hosting;

namespace Portal.Web.Admin;

/// <param name="Reason">What is wrong, in a sentence; null when nothing is.</param>
internal sealed record HealthPart(string Name, HealthStatus Status, string? Reason);

/// <summary>The process that answers, and its settings.</summary>
internal sealed record InstallationView(
    string Version, string Environment, string Address, IReadOnlyList<HealthPart> Health, bool HasSample,
    bool ChoosesPerson, SignInOptions Sessions, TokenOptions Tokens, IReadOnlyList<string> PeopleSources);

internal sealed class ReadInstallation(
    HealthCheckService health, IHostEnvironment environment, IPortalAddress address, SampleOrganisation sample,
    IOptions<SignInOptions> sessions, IOptions<TokenOptions> tokens, IOptions<CatalogOptions> catalog)
{
    public async Task<InstallationView> ReadAsync(CancellationToken cancellation)
    {
        var report = await health.CheckHealthAsync(Hosting.Health.IsReadiness, cancellation);
        return new InstallationView(
            typeof(ReadInstallation).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()
                ?.InformationalVersion ?? "unknown",
            environment.EnvironmentName, address.Url,
            // Words of ours alone: a check that throws describes itself by what it has thrown.
            [.. report.Entries.Select(e => new HealthPart(
                e.Key, e.Value.Status, e.Value.Exception is null ? e.Value.Description : "It failed: see the log."))],
            await sample.IsThereAsync(cancellation), environment.IsDevelopment() && !SignInRequirement.HasRealSignIn,
            sessions.Value, tokens.Value, catalog.Value.PeopleSources);
    }
}
