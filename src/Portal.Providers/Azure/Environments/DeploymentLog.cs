using Portal.Core.Providers;
using Portal.Providers.Azure.Arm;

namespace Portal.Providers.Azure.Environments;

/// <summary>
/// What the deployments of an environment did, line by line. Only what is over is told, in the order of its end:
/// numbers stay.
/// </summary>
internal sealed class DeploymentLog(AzureTools tools)
{
    private const string Source = "azure";

    public async Task<List<HostLogLine>> ReadAsync(ResourceGroup group, CancellationToken cancellation)
    {
        var deployments = tools.Deployments(group);
        var lines = new List<HostLogLine>();
        Add(PortalTags.Moment(group.Tags, PortalTags.Created) ?? default,
            $"Resource group {group.Name} in {group.Location}. The service's own output is not here: it is in Log "
                + "Analytics (Azure portal, resource group, Logs).");
        foreach (var deployment in await deployments.ListAsync(cancellation))
        {
            foreach (var operation
                in (await deployments.OperationsAsync(deployment.Name, cancellation)).Where(o => o.IsOver))
            {
                var said = ArmError.Of(operation.Error) is { } error
                    ? $": {error.Code} {group.At.Arm.Failures.Clean(error.Message)}" : "";
                Add(
                    operation.At,
                    $"{deployment.Name} {operation.Resource}: {operation.State.ToLowerInvariant()}{said}");
            }
            // What comes after it would get other numbers once it goes on.
            if (deployment.IsActive) break;
            Add(
                deployment.At,
                $"{deployment.Name} {deployment.State.ToLowerInvariant()}{(deployment.Tag(PortalTags.Commit) is { Length: >= 7 } commit ? $", version {commit[..7]}" : "")}");
        }
        return lines;

        void Add(DateTimeOffset at, string text) => lines.Add(new HostLogLine(lines.Count + 1, at, Source, text));
    }
}
