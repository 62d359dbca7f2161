using System.Security.Cryptography;
using System.Text;
using Portal.Core.Catalog;
using Portal.Core.Delivery;
using Portal.Core.Entities;
using Portal.Core.Environments.Usage;
using Portal.Core.Providers;
using Portal.Core.Shared;

namespace Portal.Core.Environments.Sample;

/// <summary>Writes one service's last weeks, the same at each load but for the date.</summary>
internal sealed class SampleWriter
{
    private const int Weeks = 4;

    private static readonly string[] Subjects =
    [
        "Show prices with tax", "Retry when the queue is full", "Round amounts half up", "Add a health check",
        "Upgrade the runtime", "Cache exchange rates for an hour", "Fix the time zone of receipts",
        "Log the order's number", "Remove the old endpoint", "Accept gift cards", "Shorten the start",
        "Describe the API's errors", "Send fewer queries per page", "Translate the confirmation",
        "Bound the batch size",
    ];

    private static readonly (string Name, int Seconds)[] Steps =
        [("Check out", 2), ("Restore packages", 9), ("Build", 21), ("Test", 34), ("Package", 6)];

    private readonly CatalogEntity service;
    private readonly SampleService known;
    private readonly RepositoryRow repository;
    private readonly DateTimeOffset now;

    public SampleWriter(CatalogEntity service, SampleService known, RepositoryRow repository, DateTimeOffset now)
    {
        (this.service, this.known, this.repository, this.now) = (service, known, repository, now);
        Pipelines = [.. Runs()];
        foreach (var environment in known.Environments) Write(environment);
    }

    /// <summary>Oldest first.</summary>
    public List<PipelineRun> Pipelines { get; }

    public List<PortalEnvironment> Environments { get; } = [];
    public List<Deployment> Deployments { get; } = [];
    public List<UsageInterval> Hours { get; } = [];

    private string By => EntityRef.User(known.Person).ToString();

    private IEnumerable<PipelineRun> Runs()
    {
        var count = known.RunsPerWeek * Weeks;
        var between = TimeSpan.FromDays(7.0 * Weeks / count);
        for (var number = 1; number <= count; number++)
        {
            var fails = number == count ? known.NewestFails : number % known.FailsEvery == 0;
            yield return Run(number, AtWork(now - between * (count - number) - between / 3), fails);
        }
    }

    private PipelineRun Run(int number, DateTimeOffset at, bool fails)
    {
        var commit = Convert.ToHexStringLower(
            SHA256.HashData(Encoding.UTF8.GetBytes($"{service.Name} {number}")))[..40];
        var steps = StepsFrom(at.AddSeconds(4), fails).ToList();
        var end = steps[^1].FinishedAt ?? steps[^2].FinishedAt ?? at;
        var status = fails ? PipelineStatus.Failed : PipelineStatus.Passed;
        var told = new PipelineRunInfo(
            $"sample-{service.Name}-{number}", RepositoryName.Parse(repository.Name), ".github/workflows/ci.yaml",
            number, "main", commit, Subjects[(number * 7 + service.Name.Length) % Subjects.Length],
            PipelineTrigger.Push, status, at, at.AddSeconds(4), end,
            [new PipelineJobInfo("build", "build", status, at.AddSeconds(4), end, steps)],
            fails ? [] : [new ArtifactInfo("app", 4_200_000 + number * 1_000, 23)], 0,
            fails ? "Test: 1 of 48 tests failed." : null);
        var run = new PipelineRun
        {
            Provider = repository.Provider, Id = told.Id, RepositoryId = repository.Id, Repository = repository.Name,
            Number = number, Branch = told.Branch, Commit = commit, CreatedAt = at,
        };
        run.Follow(told);
        return run;
    }

    private static IEnumerable<PipelineStepInfo> StepsFrom(DateTimeOffset at, bool fails)
    {
        var over = false;
        foreach (var (name, seconds) in Steps)
        {
            if (over)
            {
                yield return new PipelineStepInfo(
                    name, PipelineStatus.Skipped, null, null, "An earlier step failed.");
                continue;
            }
            over = fails && name == "Test";
            var status = over ? PipelineStatus.Failed : PipelineStatus.Passed;
            yield return new PipelineStepInfo(name, status, at, at = at.AddSeconds(seconds), null);
        }
    }

    private void Write(SampleEnvironment what)
    {
        var version = Pipelines.FindLast(r => r.Status == PipelineStatus.Passed)!;
        var environment = new PortalEnvironment
        {
            Id = $"sample-{service.Name}-{what.Type}", Name = what.Type, Component = service.Key,
            Owner = service.Owner!, Type = what.Type, Size = what.Size, Provider = repository.Provider,
            RepositoryId = repository.Id, Repository = repository.Name, RepositoryProvider = repository.Provider,
            FollowsDefaultBranch = false, CreatedBy = By, RunId = Guid.Empty, PricePerHour = what.PricePerHour,
            Currency = "EUR", CreatedAt = AtWork(now.AddDays(-what.Days)),
            Reason = what.Type == "prod" ? "For customers" : null,
        };
        environment.Follow(new EnvironmentInfo(
            environment.Id, environment.Name, RepositoryName.Parse(repository.Name), StatusOf(what), null,
            version.Commit, version.Id, environment.Size, null, what.IsUnhealthy ? 3 : 0,
            what.IsUnhealthy ? "Its health check has answered 503 since this morning." : null,
            environment.CreatedAt, environment.CreatedAt));
        Environments.Add(environment);
        Deploy(environment, everything: what.Type != "prod");
        Meter(environment, what);
    }

    private static EnvironmentStatus StatusOf(SampleEnvironment what) =>
        what.IsUnhealthy ? EnvironmentStatus.Unhealthy
        : what.IsStopped ? EnvironmentStatus.Stopped : EnvironmentStatus.Running;

    /// <summary>Production gets every third version that passed, and the newest.</summary>
    private void Deploy(PortalEnvironment environment, bool everything)
    {
        var passed = Pipelines.Where(r => r.Status == PipelineStatus.Passed && r.CreatedAt > environment.CreatedAt)
            .ToList();
        foreach (var (i, run) in passed.Index())
        {
            if (!everything && i % 3 != 0 && i != passed.Count - 1) continue;
            var at = run.FinishedAt!.Value.AddMinutes(everything ? 1 : 25);
            if (at > now) at = now;
            var deployment = new Deployment
            {
                EnvironmentId = environment.Id, PipelineRunId = run.Id, Commit = run.Commit, By = By, StartedAt = at,
            };
            deployment.Succeed(at.AddSeconds(11));
            Deployments.Add(deployment);
        }
    }

    private void Meter(PortalEnvironment environment, SampleEnvironment what)
    {
        if (what.RunsAtNight)
        {
            Hours.Add(Interval(environment, environment.CreatedAt, null));
            return;
        }
        for (var day = environment.CreatedAt.Date; day < now.Date; day = day.AddDays(1))
        {
            if (day.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday) continue;
            if (what.IsStopped && day > now.AddDays(-3)) break;
            var from = new DateTimeOffset(day, TimeSpan.Zero).AddHours(7);
            Hours.Add(Interval(environment, from, from.AddHours(10 + day.Day % 4)));
        }
        if (!what.IsStopped) Hours.Add(Interval(environment, new DateTimeOffset(now.Date, TimeSpan.Zero), null));
    }

    private static UsageInterval Interval(PortalEnvironment of, DateTimeOffset from, DateTimeOffset? to) => new()
    {
        EnvironmentId = of.Id, Component = of.Component, Owner = of.Owner, Size = of.Size,
        PricePerHour = of.PricePerHour, Currency = of.Currency, From = from, To = to,
    };

    /// <summary>Nobody pushes at night; what would lie ahead of now is now.</summary>
    private DateTimeOffset AtWork(DateTimeOffset at)
    {
        var day = new DateTimeOffset(at.UtcDateTime.Date, TimeSpan.Zero);
        var moved = day.AddHours(8).AddMinutes(at.TimeOfDay.TotalMinutes * 9 / 24);
        return moved > now ? at : moved;
    }
}
