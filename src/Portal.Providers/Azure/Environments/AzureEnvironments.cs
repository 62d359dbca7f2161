using System.Text.RegularExpressions;
using Portal.Core.Providers;
using Portal.Providers.Azure.Definitions;

namespace Portal.Providers.Azure.Environments;

/// <summary>
/// Environments in Azure: each is a resource group that a deployment of its definition's ARM template fills. All that
/// is kept is in its tags.
/// </summary>
internal sealed partial class AzureEnvironments(AzureTools tools) : IEnvironmentHost
{
    private readonly KeyedGate gate = new();
    private readonly CreateInAzure creation = new(tools);
    private readonly DeployToAzure deployment = new(tools);

    public string Instance => tools.Instance;

    public string Type => AzureOptions.TypeName;

    public IReadOnlyList<EnvironmentDefinition> Definitions { get; } =
        [.. tools.Definitions.All.Select(
            d => new EnvironmentDefinition(d.Name, d.Title, d.Description, d.Sizes, d.Parameters, d.RunsVersion))];

    public Task<EnvironmentPlan?> PlanAsync(CreateEnvironment request, CancellationToken cancellation) =>
        new WhatIf(tools).PlanAsync(request, cancellation);

    public Task<EnvironmentInfo> CreateAsync(CreateEnvironment request, CancellationToken cancellation)
    {
        if (!IdPattern().IsMatch(request.Id))
        {
            throw ProviderException.Invalid(
                "environment-id-invalid",
                $"'{request.Id}' cannot be the id of an environment: use 1 to 63 lower-case letters, digits and "
                + "dashes, starting with a letter or digit.");
        }
        return gate.RunAsync(
            request.Id, async () => await InfoAsync(await creation.CreateAsync(request, cancellation), cancellation),
            cancellation);
    }

    public async Task<EnvironmentInfo?> FindByMarkAsync(string mark, CancellationToken cancellation)
    {
        var group = (await tools.ListAsync(PortalTags.Mark, PortalTags.MarkOf(mark), cancellation))
            .FirstOrDefault(g => !g.IsBeingDeleted);
        return group is null || await tools.DescribeAsync(group, cancellation) is not
        {
            Status: not EnvironmentStatus.Creating,
        } info ? null : info with { Mark = mark };
    }

    public async Task<EnvironmentInfo?> FindAsync(string id, CancellationToken cancellation) =>
        await tools.FindAsync(id, cancellation) is { } group ? await tools.DescribeAsync(group, cancellation) : null;

    /// <summary>As the tags tell it: one look at each environment's app would be a call each.</summary>
    public async Task<IReadOnlyList<EnvironmentInfo>> ListAsync(CancellationToken cancellation) =>
        [.. (await tools.ListAsync(PortalTags.Environment, null, cancellation)).Select(PortalTags.Describe)
            .OfType<EnvironmentInfo>().OrderBy(e => e.CreatedAt)];

    public Task<EnvironmentInfo> DeployAsync(string id, EnvironmentVersion version, CancellationToken cancellation) =>
        ChangeAsync(id, group => deployment.DeployAsync(group, version, cancellation), cancellation);

    public Task<EnvironmentInfo> StopAsync(string id, CancellationToken cancellation) => ChangeAsync(id, async group =>
    {
        if (group.Tag(PortalTags.State) == PortalTags.Stopped) return group;
        await tools.Apps(group).StopAsync(cancellation);
        return await tools.TagAsync(group, cancellation, (PortalTags.State, PortalTags.Stopped));
    }, cancellation);

    public Task<EnvironmentInfo> StartAsync(string id, CancellationToken cancellation) => ChangeAsync(id, async group =>
    {
        if (group.Tag(PortalTags.State) == PortalTags.Running) return group;
        var apps = tools.Apps(group);
        await apps.StartAsync(cancellation);
        if (group.Tag(PortalTags.App) is { Length: > 0 } app)
        {
            await apps.WaitUntilHealthyAsync(
                app, TimeSpan.FromSeconds(tools.Options.HealthTimeoutSeconds), cancellation);
        }
        return await tools.TagAsync(
            group, cancellation, (PortalTags.State, PortalTags.Running), (PortalTags.Started, tools.Now()));
    }, cancellation);

    public Task DestroyAsync(string id, CancellationToken cancellation) => gate.RunAsync(id, async () =>
    {
        if (await tools.FindAsync(id, cancellation) is { } group)
        {
            await tools.Groups(group.At).DeleteAsync(group, wait: true, cancellation);
        }
        return true;
    }, cancellation);

    public async Task<IReadOnlyList<HostLogLine>> ReadLogAsync(
        string id, long after, int limit, CancellationToken cancellation)
    {
        if (limit <= 0 || await tools.FindAsync(id, cancellation) is not { IsBeingDeleted: false } group) return [];
        return [.. (await new DeploymentLog(tools).ReadAsync(group, cancellation)).Where(l => l.Number > after)
            .Take(limit)];
    }

    private Task<EnvironmentInfo> ChangeAsync(
        string id, Func<ResourceGroup, Task<ResourceGroup>> change, CancellationToken cancellation) =>
        gate.RunAsync(
            id, async () => await InfoAsync(await change(await tools.GetAsync(id, cancellation)), cancellation),
            cancellation);

    private async Task<EnvironmentInfo> InfoAsync(ResourceGroup group, CancellationToken cancellation) =>
        await tools.DescribeAsync(group, cancellation)
            ?? throw ProviderException.NotFound(
                "environment-not-found", $"The resource group {group.Name} is no environment of the portal any more.");

    [GeneratedRegex(@"^[a-z0-9][a-z0-9-]{0,62}\z")]
    private static partial Regex IdPattern();
}
