using Portal.Providers.Local.Pipelines.Jobs;

namespace Portal.Providers.Local.Pipelines.Actions;

/// <summary>
/// The actions that this machine has, by owner and name whatever the version asked for: nothing is downloaded.
/// </summary>
internal static class ActionTable
{
    public delegate Task<StepResult> Runner(StepContext context, CancellationToken cancellation);

    private static readonly Dictionary<string, Runner> Known = new(StringComparer.OrdinalIgnoreCase)
    {
        ["actions/checkout"] = CheckoutAction.RunAsync,
        ["actions/upload-artifact"] = UploadArtifactAction.RunAsync,
        ["actions/download-artifact"] = DownloadArtifactAction.RunAsync,
        ["actions/setup-dotnet"] = (c, t) => SetupAction.RunAsync(c, SetupAction.DotNet, t),
        ["actions/setup-node"] = (c, t) => SetupAction.RunAsync(c, SetupAction.Node, t),
        ["actions/setup-python"] = (c, t) => SetupAction.RunAsync(c, SetupAction.Python, t),
        ["actions/setup-java"] = (c, t) => SetupAction.RunAsync(c, SetupAction.Java, t),
        ["actions/setup-go"] = (c, t) => SetupAction.RunAsync(c, SetupAction.Go, t),
    };

    /// <summary>Actions without which a job has nothing left to do that anybody would see.</summary>
    private static readonly HashSet<string> Preparing = new(
        Known.Keys.Where(k => k != "actions/upload-artifact"), StringComparer.OrdinalIgnoreCase) { "actions/cache" };

    public static bool IsLocal(string uses) => uses.StartsWith("./", StringComparison.Ordinal);

    /// <summary><c>owner/name</c> of <c>owner/name/path@ref</c>; paths are kept.</summary>
    public static string NameOf(string uses) => uses.Split('@', 2)[0].TrimEnd('/');

    public static Runner? Find(string uses) => Known.GetValueOrDefault(NameOf(uses));

    public static bool IsAvailable(string uses) => IsLocal(uses) || Known.ContainsKey(NameOf(uses));

    public static bool OnlyPrepares(string uses) => Preparing.Contains(NameOf(uses));
}
