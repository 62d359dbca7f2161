using Microsoft.Extensions.Logging;
using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.Providers.Azure.Arm;
using Portal.Providers.Azure.Definitions;

namespace Portal.Providers.Azure.Environments;

/// <summary>
/// What the capabilities of one instance share: its options, its subscriptions, its definitions, and where its
/// environments are.
/// </summary>
internal sealed class AzureTools(
    string instance, AzureOptions options, AzureClients clients, DefinitionCatalog definitions, TimeProvider time,
    ILogger logger)
{
    public string Instance => instance;

    public AzureOptions Options => options;

    public AzureClients Clients => clients;

    public DefinitionCatalog Definitions => definitions;

    public TimeProvider Time => time;

    public ILogger Logger => logger;

    public TimeSpan Interval { get; } = TimeSpan.FromMilliseconds(options.PollMilliseconds);

    public ResourceGroups Groups(AzureSubscription at) => new(at, time, Interval);

    public ArmPoller Poller(AzureSubscription at) => new(at.Arm, time, Interval);

    public Deployments Deployments(ResourceGroup group) => new(group, Poller(group.At));

    public RunningApps Apps(ResourceGroup group) => new(group, Poller(group.At), time, Interval);

    public string GroupName(string id) => options.ResourceGroupPrefix + id;

    /// <summary>By its own name first, for lists of Azure may lag behind; one that was adopted has another.</summary>
    public async Task<ResourceGroup?> FindAsync(string id, CancellationToken cancellation)
    {
        foreach (var at in clients.Subscriptions)
        {
            var groups = Groups(at);
            if (await groups.FindAsync(GroupName(id), cancellation) is { } named
                && named.Tag(PortalTags.Environment) == id) return Signed(named);
            var all = await groups.TaggedAsync(PortalTags.Environment, id, cancellation);
            if (all.FirstOrDefault(g => !g.IsBeingDeleted) is { } tagged) return Signed(tagged);
        }
        return null;
    }

    public async Task<List<ResourceGroup>> ListAsync(string tag, string? value, CancellationToken cancellation)
    {
        var all = new List<ResourceGroup>();
        foreach (var at in clients.Subscriptions)
        {
            all.AddRange((await Groups(at).TaggedAsync(tag, value, cancellation)).Select(Signed));
        }
        return all;
    }

    /// <exception cref="ProviderException">NotFound.</exception>
    public async Task<ResourceGroup> GetAsync(string id, CancellationToken cancellation) =>
        await FindAsync(id, cancellation) is { IsBeingDeleted: false } group
            ? group : throw ProviderException.NotFound("environment-not-found", $"There is no environment {id} here.");

    /// <summary>With the identity of its environment type, which may be another than the one that found it.</summary>
    private ResourceGroup Signed(ResourceGroup group)
    {
        var own = clients.Of(group.Tag(PortalTags.Type) ?? "");
        return own.Arm.Subscription.Equals(group.At.Arm.Subscription, StringComparison.OrdinalIgnoreCase)
            ? group with { At = own } : group;
    }

    /// <summary>As its tags tell it, and while it should run, as what answers there tells it.</summary>
    public async Task<EnvironmentInfo?> DescribeAsync(ResourceGroup group, CancellationToken cancellation)
    {
        if (PortalTags.Describe(group) is not { } info) return null;
        if (info.Status is not (EnvironmentStatus.Running or EnvironmentStatus.Stopped)
            || group.Tag(PortalTags.App) is not { Length: > 0 } app) return info;
        var state = await Apps(group).StateAsync(app, cancellation);
        return state.Status == EnvironmentStatus.Creating
            ? info with { Status = EnvironmentStatus.Unhealthy, Message = state.Message }
            : info with { Status = state.Status, Message = state.Message };
    }

    public async Task<ResourceGroup> TagAsync(
        ResourceGroup group, CancellationToken cancellation, params (string Tag, string Value)[] tags)
    {
        var changed = tags.ToDictionary(t => t.Tag, t => t.Value, StringComparer.Ordinal);
        await Groups(group.At).MergeTagsAsync(group, changed, cancellation);
        var all = new Dictionary<string, string>(group.Tags, StringComparer.OrdinalIgnoreCase);
        foreach (var (tag, value) in changed) all[tag] = value;
        return group with { Tags = all };
    }

    public string Now() => PortalTags.Moment(time.Now());
}
