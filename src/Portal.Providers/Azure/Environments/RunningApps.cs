using System.Text.Json.Nodes;
using Azure.Core;
using Portal.Core.Providers;
using Portal.Providers.Azure.Arm;

namespace Portal.Providers.Azure.Environments;

internal sealed record AppState(EnvironmentStatus Status, string? Message);

/// <summary>
/// What answers in an environment and can be stopped: container apps, web apps, and the database servers beside them.
/// </summary>
internal sealed class RunningApps(ResourceGroup group, ArmPoller poller, TimeProvider time, TimeSpan interval)
{
    private const string ContainerApp = "Microsoft.App/containerApps";
    private const string WebApp = "Microsoft.Web/sites";

    private static readonly Dictionary<string, string> Stoppable = new(StringComparer.OrdinalIgnoreCase)
    {
        [ContainerApp] = ArmVersions.ContainerApps, [WebApp] = ArmVersions.WebApps,
        ["Microsoft.DBforPostgreSQL/flexibleServers"] = "2024-08-01",
    };

    private ArmApi Arm => group.At.Arm;

    public static string? AppOf(IEnumerable<string> resources) =>
        resources.FirstOrDefault(
            r => TypeOf(r).Equals(ContainerApp, StringComparison.OrdinalIgnoreCase)
            || TypeOf(r).Equals(WebApp, StringComparison.OrdinalIgnoreCase));

    /// <summary>Ids of everything in the group.</summary>
    public async Task<List<string>> ResourcesAsync(CancellationToken cancellation)
    {
        var all = new List<string>();
        await foreach (var raw in Arm.ListAsync($"{group.Path}/resources", ArmVersions.Resources, cancellation))
        {
            if (raw.Text("id") is { } id) all.Add(id);
        }
        return all;
    }

    /// <summary>The apps first, then what they use.</summary>
    public async Task StopAsync(CancellationToken cancellation)
    {
        foreach (var id in await StoppableAsync(cancellation)) await SwitchAsync(id, "stop", cancellation);
    }

    /// <summary>What they use first.</summary>
    public async Task StartAsync(CancellationToken cancellation)
    {
        foreach (var id in Enumerable.Reverse(await StoppableAsync(cancellation)))
        {
            await SwitchAsync(id, "start", cancellation);
        }
    }

    public async Task<AppState> StateAsync(string app, CancellationToken cancellation)
    {
        if (await Arm.FindAsync(app, Version(app), cancellation) is not { } raw)
        {
            return new AppState(EnvironmentStatus.Failed, $"{Short(app)} is gone.");
        }
        var properties = raw.Object("properties");
        if (TypeOf(app).Equals(WebApp, StringComparison.OrdinalIgnoreCase))
        {
            return Is(properties.Text("state"), "Running")
                ? await InstancesAsync(app, cancellation) : new AppState(EnvironmentStatus.Stopped, null);
        }
        if (Is(properties.Text("runningStatus"), "Stopped")) return new AppState(EnvironmentStatus.Stopped, null);
        return properties.Text("latestRevisionName") is { Length: > 0 } revision
            ? RevisionState(await Arm.FindAsync($"{app}/revisions/{revision}", ArmVersions.ContainerApps, cancellation))
            : new AppState(EnvironmentStatus.Creating, null);
    }

    /// <summary>Where it answers, when it answers to the outside.</summary>
    public async Task<string?> UrlAsync(string app, CancellationToken cancellation)
    {
        var properties = (await Arm.FindAsync(app, Version(app), cancellation)).Object("properties");
        var host = properties.Text("defaultHostName")
            ?? properties.Object("configuration").Object("ingress").Text("fqdn");
        return host is { Length: > 0 } ? $"https://{host}" : null;
    }

    /// <exception cref="ProviderException">
    /// <c>environment-unhealthy</c>: it did not come up, with what Azure says about it.
    /// </exception>
    public async Task WaitUntilHealthyAsync(string app, TimeSpan patience, CancellationToken cancellation)
    {
        var since = time.GetTimestamp();
        while (true)
        {
            var state = await StateAsync(app, cancellation);
            if (state.Status == EnvironmentStatus.Running) return;
            if (state.Status == EnvironmentStatus.Failed || time.GetElapsedTime(since) > patience)
            {
                throw ProviderException.Invalid(
                    "environment-unhealthy",
                    $"{Short(app)} did not become healthy. "
                    + $"{state.Message ?? "Azure says nothing about it; its own output is in the Log Analytics workspace of the resource group."}");
            }
            await Task.Delay(interval, time, cancellation);
        }
    }

    private async Task<AppState> InstancesAsync(string app, CancellationToken cancellation)
    {
        var states = new List<string>();
        await foreach (var raw in Arm.ListAsync($"{app}/instances", ArmVersions.WebApps, cancellation))
        {
            states.Add(raw.Object("properties").Text("state") ?? "");
        }
        // It sleeps while nobody calls, and then has none.
        return states.Count == 0 || states.Any(s => Is(s, "READY")) ? new AppState(EnvironmentStatus.Running, null)
            : new AppState(
                EnvironmentStatus.Unhealthy,
                $"{Short(app)} does not answer its health check; its own output is in the app's log stream.");
    }

    private static AppState RevisionState(JsonObject? revision)
    {
        var properties = revision.Object("properties");
        var message = properties.Text("provisioningError") ?? properties.Text("runningStateDetails");
        if (Is(properties.Text("provisioningState"), "Failed") || Is(properties.Text("runningState"), "Failed"))
        {
            return new AppState(EnvironmentStatus.Failed, message);
        }
        if (Is(properties.Text("healthState"), "Healthy")) return new AppState(EnvironmentStatus.Running, null);
        // Scaled to nothing: nobody calls it, and nothing is wrong.
        if (Is(properties.Text("provisioningState"), "Provisioned") && properties.Text("replicas") == "0"
            && !Is(properties.Text("healthState"), "Unhealthy")) return new AppState(EnvironmentStatus.Running, null);
        return new AppState(Is(
            properties.Text("healthState"),
            "Unhealthy") ? EnvironmentStatus.Unhealthy : EnvironmentStatus.Creating, message);
    }

    private async Task<List<string>> StoppableAsync(CancellationToken cancellation)
    {
        var found = (await ResourcesAsync(cancellation)).Where(id => Stoppable.ContainsKey(TypeOf(id))).ToList();
        return found.Count > 0 ? [.. found.OrderBy(id => AppOf([id]) is null)] : throw ProviderException.Conflict(
            "environment-cannot-stop", $"Nothing in {group.Name} can be stopped: it has neither a container app nor a "
                + "web app. Destroy it to save its cost.");
    }

    private async Task SwitchAsync(string id, string verb, CancellationToken cancellation)
    {
        var answer = await Arm.SendAsync(RequestMethod.Post, $"{id}/{verb}", Version(id), null, cancellation);
        await poller.WaitAsync(answer, answer.Status == 202 ? (id, Version(id)) : null, null, cancellation);
    }

    private static string Version(string id) => Stoppable.GetValueOrDefault(TypeOf(id), ArmVersions.ContainerApps);

    private static string TypeOf(string id) => new ResourceIdentifier(id).ResourceType.ToString();

    private static string Short(string id) =>
        $"{new ResourceIdentifier(id).ResourceType.Type}/{new ResourceIdentifier(id).Name}";

    private static bool Is(string? text, string other) => other.Equals(text, StringComparison.OrdinalIgnoreCase);
}
