using Portal.Core.Providers;

namespace Portal.TestKit.Fakes;

/// <summary>
/// Things with tags that are there already; adopting sets tags, releasing brings back those from before.
/// </summary>
public sealed class FakeAdoption(FakeHost host) : IEnvironmentAdoption
{
    public const string Mark = "portal-environment";

    public string Instance => host.Instance;

    public string Type => host.Type;

    /// <summary>By external id: the tags as JSON-free text, "key=value" joined by commas.</summary>
    public Dictionary<string, string> Tags { get; } =
        new(StringComparer.Ordinal) { ["/groups/orders-test"] = "owner=orders" };

    public List<AdoptEnvironment> Adopted { get; } = [];

    /// <summary>What it throws when it is to adopt; null = it does.</summary>
    public Exception? Trouble { get; set; }

    public Task<IReadOnlyList<AdoptableEnvironment>> AdoptableAsync(CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<AdoptableEnvironment>>(
            [.. Tags.Where(t => !t.Value.Contains(Mark, StringComparison.Ordinal)).Select(t => new AdoptableEnvironment(
                t.Key, t.Key.Split('/')[^1], "Azure Deployment Environments, project shop", "westeurope",
                t.Value.Split(',').Select(p => p.Split('=')).ToDictionary(p => p[0], p => p[1]),
                ["Microsoft.App/containerApps orders"]))]);

    public Task<EnvironmentPlan> PlanAdoptionAsync(AdoptEnvironment request, CancellationToken cancellation) =>
        Task.FromResult(new EnvironmentPlan(
            [new PlannedResource(
                PlannedChange.Modify, "Resource group", request.ExternalId.Split('/')[^1],
                [$"tags.{Mark}: added {request.Id}"])]));

    public Task<EnvironmentInfo> AdoptAsync(AdoptEnvironment request, CancellationToken cancellation)
    {
        if (Trouble is not null) return Task.FromException<EnvironmentInfo>(Trouble);
        Adopted.Add(request);
        if (!Tags[request.ExternalId].Contains(Mark, StringComparison.Ordinal))
        {
            Tags[request.ExternalId] += $",{Mark}={request.Id}";
        }
        var info = new EnvironmentInfo(
            request.Id, request.Name, request.Repository, EnvironmentStatus.Running, "https://orders.example", null,
            null, "adopted", request.Mark, 0, null,
            DateTimeOffset.UnixEpoch, null);
        host.Have(info);
        return Task.FromResult(info);
    }

    public Task<string> StateAsync(string externalId, CancellationToken cancellation) =>
        Task.FromResult(Tags[externalId]);

    public Task ReleaseAsync(string externalId, string state, CancellationToken cancellation)
    {
        if (Tags.ContainsKey(externalId)) Tags[externalId] = state;
        host.Forget(Adopted.FindLast(a => a.ExternalId == externalId)?.Id);
        return Task.CompletedTask;
    }
}
