using System.Text.Json;
using Azure.Core;
using Portal.Core.Providers;
using Portal.Providers.Azure.Arm;
using Portal.Providers.Azure.Environments;

namespace Portal.Providers.Azure.Adoption;

/// <summary>Takes over resource groups that are there: the portal's tags are added, nothing is made anew.</summary>
internal sealed class AzureAdoption(AzureTools tools) : IEnvironmentAdoption
{
    /// <summary>Azure makes these for itself.</summary>
    private static readonly string[] NobodysGroups =
        ["NetworkWatcherRG", "cloud-shell-storage-", "DefaultResourceGroup-", "Default-ActivityLogAlerts"];

    private readonly KeyedGate adopting = new();

    public string Instance => tools.Instance;

    public string Type => AzureOptions.TypeName;

    public async Task<IReadOnlyList<AdoptableEnvironment>> AdoptableAsync(CancellationToken cancellation)
    {
        var found = new List<AdoptableEnvironment>();
        foreach (var at in tools.Clients.Subscriptions)
        {
            var resources = await ResourcesAsync(at, cancellation);
            foreach (var group in (await tools.Groups(at).ListAsync(null, cancellation)).Where(IsAdoptable))
            {
                var inside = resources.GetValueOrDefault(group.Name, []);
                var source = await DeploymentEnvironments.SourceAsync(group, cancellation);
                found.Add(new AdoptableEnvironment(
                    group.Id, group.Name, source, group.Location, group.Tags, [.. inside.Select(Words)]));
            }
        }
        return [.. found.OrderBy(f => f.Name, StringComparer.OrdinalIgnoreCase)];
    }

    public async Task<EnvironmentPlan> PlanAdoptionAsync(AdoptEnvironment request, CancellationToken cancellation)
    {
        var group = await GetAsync(request.ExternalId, cancellation);
        Check(group, request);
        var changes = Tags(request).Where(t => group.Tag(t.Key) != t.Value)
            .Select(t => $"tags.{t.Key}: {group.Tag(t.Key) ?? "nothing"} → {t.Value}");
        var inside = (await tools.Apps(group).ResourcesAsync(cancellation)).Select(id => new ResourceIdentifier(id));
        return new EnvironmentPlan(
            [
                new PlannedResource(
                    PlannedChange.Modify, "Microsoft.Resources/resourceGroups", group.Name, [.. changes]),
                .. inside.Select(
                    id => new PlannedResource(PlannedChange.NoChange, id.ResourceType.ToString(), id.Name, [])),
            ],
            "Only tags of the resource group change. Its resources are not touched; the portal cannot deploy to it, "
                + "for it knows no definition of it.");
    }

    public Task<EnvironmentInfo> AdoptAsync(AdoptEnvironment request, CancellationToken cancellation) =>
        adopting.RunAsync(request.ExternalId.ToUpperInvariant(), async () =>
        {
            var group = await GetAsync(request.ExternalId, cancellation);
            Check(group, request);
            if (group.Tag(PortalTags.Environment) != request.Id)
            {
                var tags = await WithAppAsync(group, request, cancellation);
                await tools.TagAsync(group, cancellation, [.. tags.Select(t => (t.Key, t.Value))]);
                // Azure's tags know no condition: another process may have set its own meanwhile.
                group = await GetAsync(request.ExternalId, cancellation);
                Check(group, request);
            }
            return await tools.DescribeAsync(group, cancellation)
                ?? throw ProviderException.NotFound(
                    "environment-not-found", $"The resource group {group.Name} is on its way out.");
        }, cancellation);

    public async Task<string> StateAsync(string externalId, CancellationToken cancellation) =>
        JsonSerializer.Serialize((await GetAsync(externalId, cancellation)).Tags);

    public async Task ReleaseAsync(string externalId, string state, CancellationToken cancellation)
    {
        if (await FindAsync(externalId, cancellation) is not { } group) return;
        var before = JsonSerializer.Deserialize<Dictionary<string, string>>(state) ?? [];
        // What others have tagged since stays.
        var tags = group.Tags.Where(t => !IsOurs(t.Key)).Concat(before.Where(t => IsOurs(t.Key)))
            .ToDictionary(t => t.Key, t => t.Value, StringComparer.OrdinalIgnoreCase);
        await tools.Groups(group.At).ReplaceTagsAsync(group, tags, cancellation);
    }

    private static bool IsOurs(string tag) => tag.StartsWith(PortalTags.Prefix, StringComparison.OrdinalIgnoreCase);

    private static bool IsAdoptable(ResourceGroup group) =>
        group.Tag(PortalTags.Environment) is null && !group.IsBeingDeleted
        && (group.ManagedBy is null or ""
            || group.ManagedBy.Contains("Microsoft.DevCenter", StringComparison.OrdinalIgnoreCase))
        && !NobodysGroups.Any(n => group.Name.StartsWith(n, StringComparison.OrdinalIgnoreCase));

    private static void Check(ResourceGroup group, AdoptEnvironment request)
    {
        if (group.Tag(PortalTags.Environment) is { } other
            && (other != request.Id || group.Tag(PortalTags.Mark) != PortalTags.MarkOf(request.Mark)))
        {
            throw ProviderException.Conflict(
                "environment-adopted", $"The resource group {group.Name} is the portal's already, as the environment "
                    + $"{other}.");
        }
    }

    private Dictionary<string, string> Tags(AdoptEnvironment request)
    {
        var tags = PortalTags.Of(
            request.Id, request.Name, request.Type, request.Repository, request.Mark, request.Labels, tools.Options,
            tools.Time.GetUtcNow());
        tags[PortalTags.State] = PortalTags.Running;
        return tags;
    }

    private async Task<Dictionary<string, string>> WithAppAsync(
        ResourceGroup group, AdoptEnvironment request, CancellationToken cancellation)
    {
        var tags = Tags(request);
        var apps = tools.Apps(group);
        if (RunningApps.AppOf(await apps.ResourcesAsync(cancellation)) is not { } app) return tags;
        tags[PortalTags.App] = app;
        if (await apps.UrlAsync(app, cancellation) is { } url) tags[PortalTags.Url] = url;
        return tags;
    }

    private async Task<ResourceGroup> GetAsync(string externalId, CancellationToken cancellation) =>
        await FindAsync(externalId, cancellation) ?? throw ProviderException.NotFound("environment-not-found",
            $"There is no resource group {Core.Shared.Words.Short(externalId)}, or the credentials of {Instance} may "
                + "not see it.");

    private async Task<ResourceGroup?> FindAsync(string externalId, CancellationToken cancellation)
    {
        if (!ResourceIdentifier.TryParse(externalId, out var id) || id!.ResourceGroupName is not { } name
            || !ResourceGroups.IsName(name))
        {
            return null;
        }
        if (tools.Clients.Subscriptions.FirstOrDefault(
            s => s.Arm.Subscription.Equals(id.SubscriptionId, StringComparison.OrdinalIgnoreCase))
                is not { } at) return null;
        return await tools.Groups(at).FindAsync(name, cancellation) is { IsBeingDeleted: false } group ? group : null;
    }

    /// <summary>Ids by the name of their group: one list of the subscription in place of one of each group.</summary>
    private static async Task<Dictionary<string, List<string>>> ResourcesAsync(
        AzureSubscription at, CancellationToken cancellation)
    {
        var all = new Dictionary<string, List<string>>(StringComparer.OrdinalIgnoreCase);
        var list = at.Arm.ListAsync($"{at.Arm.SubscriptionPath}/resources", ArmVersions.Resources, cancellation);
        await foreach (var raw in list)
        {
            if (raw.Text("id") is not { } id || new ResourceIdentifier(id).ResourceGroupName is not { } group) continue;
            if (!all.TryGetValue(group, out var inside)) all[group] = inside = [];
            inside.Add(id);
        }
        return all;
    }

    private static string Words(string id) =>
        $"{new ResourceIdentifier(id).ResourceType} {new ResourceIdentifier(id).Name}";
}
