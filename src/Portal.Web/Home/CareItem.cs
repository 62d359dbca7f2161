using Portal.Core.Environments;
using Portal.Core.Providers;
using Portal.Core.Runs;
using Portal.Web.Controls;
using Portal.Web.Shared;

namespace Portal.Web.Home;

/// <summary>Something that needs somebody.</summary>
/// <param name="Until">When it happens by itself; null = it has happened.</param>
public sealed record CareItem(Status Status, string Text, string Url, DateTimeOffset? Until = null)
{
    /// <summary>Environments that end sooner than this are told of.</summary>
    public static readonly TimeSpan Soon = TimeSpan.FromHours(24);

    private static readonly TimeSpan Overdue = TimeSpan.FromMinutes(5);

    /// <summary>The worst first.</summary>
    /// <param name="titleOf">Of a component, by its key.</param>
    public static IReadOnlyList<CareItem> Of(
        HomeView view, DateTimeOffset now, Func<string, string> titleOf)
    {
        var items = new List<CareItem>();
        if (view.ClockProblem is { } problem)
        {
            items.Add(new(Status.Bad("Clock"), $"Nothing is destroyed by time. {problem}", PortalUrls.Providers));
        }
        if (view.Differences > 0)
        {
            items.Add(new(Status.Warn("Hosts differ"), view.Differences == 1
                ? "One thing differs from what the portal knows"
                : $"{view.Differences} things differ from what the portal knows", PortalUrls.Providers));
        }
        foreach (var run in view.Runs.Where(r => r.Status is RunStatus.Failed or RunStatus.UndoFailed))
        {
            items.Add(new(
                Status.Bad(run.Status == RunStatus.Failed ? "Run failed" : "Undo failed"), run.Title,
                PortalUrls.Run(run.Id)));
        }
        foreach (var pipeline in view.Pipelines.Where(p => p.Status == PipelineStatus.Failed))
        {
            items.Add(new(
                Status.Bad("Pipeline failing"), $"{pipeline.Repository.Split('/')[^1]} #{pipeline.Number}",
                PortalUrls.Pipeline(pipeline.Id)));
        }
        foreach (var it in view.Rejected)
        {
            items.Add(new(
                Status.Bad(it.Entity is null ? "Not in the catalog" : "Descriptor rejected"),
                $"{it.Entity?.Name ?? it.Repository}: {it.Why}",
                it.Entity is { } entity ? PortalUrls.Entity(entity) : PortalUrls.RejectedDescriptors));
        }
        foreach (var it in view.Environments.Where(
            e => e.Status is EnvironmentStatus.Failed or EnvironmentStatus.Unhealthy))
        {
            items.Add(new(Status.Of(it.Status), Name(it, titleOf), PortalUrls.Environment(it.Id)));
        }
        foreach (var it in view.Environments.Where(e => e.ExpiresAt is { } end && end - now < Soon)
            .OrderBy(e => e.ExpiresAt))
        {
            // A sweep finds it within a minute: what is there longer could not be taken away.
            var status = now - it.ExpiresAt > Overdue ? Status.Bad("Past its end") : Status.Warn("Ends soon");
            items.Add(new(status, Name(it, titleOf), PortalUrls.Environment(it.Id), it.ExpiresAt));
        }
        return items;
    }

    private static string Name(PortalEnvironment environment, Func<string, string> titleOf) =>
        $"{titleOf(environment.Component)} {environment.Name}";
}
