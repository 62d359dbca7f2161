using Portal.Core.Providers;
using Portal.Core.Providers.Checks;

namespace Portal.Web.Commands.Doctor;

/// <summary>Whether each configured provider can be used with the credentials that it has.</summary>
internal static class ProviderFindings
{
    public static async Task<IReadOnlyList<Finding>> RunAsync(IServiceProvider services, CancellationToken cancellation)
    {
        var time = services.GetRequiredService<TimeProvider>();
        var checks = services.GetRequiredService<ProviderRegistry>().All<IProviderCheck>().Select(async provider =>
        {
            var name = $"provider {provider.Instance}";
            var found = await CheckProviders.CheckAsync(provider, time, cancellation);
            return found.IsUsable
                ? [Finding.Ok(name, found.Summary)]
                : found.Problems.Select(problem => new Finding(name, Verdict.Fail, problem));
        });
        return [.. (await Task.WhenAll(checks)).SelectMany(f => f)];
    }
}
