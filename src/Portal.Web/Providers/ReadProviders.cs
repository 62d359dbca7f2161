using Portal.Core.Inbound;
using Portal.Core.Providers;
using Portal.Core.Providers.Checks;
using Portal.Core.Shared;
using Portal.Web.Shared;

namespace Portal.Web.Providers;

/// <param name="Capabilities">In words.</param>
/// <param name="CanBeChecked">False: there is nothing to find out.</param>
/// <param name="WebhookUrl">Where it sends what happens there; null when it takes none.</param>
internal sealed record ProviderView(
    string Instance, string Type, IReadOnlyList<string> Capabilities, bool CanBeChecked, CheckedProvider Checked,
    string? WebhookUrl, DeliverySummary? Deliveries);

/// <summary>The configured instances: what each can do, and how it is.</summary>
internal sealed class ReadProviders(
    ProviderRegistry providers, ProviderChecks checks, ReadDeliveries deliveries, IPortalAddress address)
{
    private static readonly (Type Capability, string Word)[] Words =
    [
        (typeof(IRepositoryHost), "Repositories"), (typeof(IPullRequestHost), "Pull requests"),
        (typeof(IPipelineHost), "Pipelines"), (typeof(IEnvironmentHost), "Environments"),
        (typeof(IEnvironmentAdoption), "Adoption"), (typeof(ICostSource), "Costs"),
        (typeof(ICatalogSource), "Discovery"), (typeof(IWebhookReceiver), "Webhooks"),
    ];

    public async Task<Result<IReadOnlyList<ProviderView>>> ListAsync(Actor actor, CancellationToken cancellation)
    {
        if (!(await deliveries.SummariseAsync(actor, cancellation)).TryGet(out var received, out var refused))
        {
            return refused;
        }
        return providers.All<IProvider>().GroupBy(p => p.Instance, StringComparer.OrdinalIgnoreCase)
            .OrderBy(g => g.Key, StringComparer.OrdinalIgnoreCase)
            .Select(g => View(
                [.. g],
                received.FirstOrDefault(d => d.Provider.Equals(g.Key, StringComparison.OrdinalIgnoreCase)))).ToList();
    }

    private ProviderView View(List<IProvider> parts, DeliverySummary? received)
    {
        var instance = parts[0].Instance;
        return new ProviderView(
            instance, parts[0].Type,
            [.. Words.Where(w => parts.Any(w.Capability.IsInstanceOfType)).Select(w => w.Word)],
            parts.Any(p => p is IProviderCheck), checks.Of(instance),
            parts.Any(p => p is IWebhookReceiver) ? address.Url + PortalUrls.Webhook(instance) : null, received);
    }
}
