namespace Portal.TestKit.Outside;

/// <summary>The routes of the outside world by name: for its fault switches and its counts of calls.</summary>
public static class OutsideRoutes
{
    public const string CreateRepository = "repositories.create";
    public const string FindRepository = "repositories.find";
    public const string ListRepositories = "repositories.list";
    public const string DeleteRepository = "repositories.delete";
    public const string ListCommits = "repositories.commits";
    public const string ReadFile = "repositories.file";
    public const string Dispatch = "pipelines.dispatch";
    public const string ListRuns = "pipelines.list";
    public const string FindRun = "pipelines.find";
    public const string ReadRunLog = "pipelines.log";
    public const string CancelRun = "pipelines.cancel";
    public const string CreateEnvironment = "environments.create";
    public const string ListEnvironments = "environments.list";
    public const string FindEnvironment = "environments.find";
    public const string Deploy = "environments.deploy";
    public const string StartOrStop = "environments.state";
    public const string DestroyEnvironment = "environments.destroy";
    public const string ReadEnvironmentLog = "environments.log";

    /// <summary>Those that change something.</summary>
    public static IReadOnlyList<string> Changing { get; } =

        [
            CreateRepository, DeleteRepository, Dispatch, CancelRun, CreateEnvironment, Deploy, StartOrStop,
            DestroyEnvironment
        ];
}
