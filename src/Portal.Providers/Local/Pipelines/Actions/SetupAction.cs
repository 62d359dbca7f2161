using System.Text.RegularExpressions;
using Portal.Providers.Local.Pipelines.Jobs;

namespace Portal.Providers.Local.Pipelines.Actions;

/// <summary>
/// actions/setup-*: nothing is installed; the tool must be on the machine. Another version than the one asked for is
/// said in the log.
/// </summary>
internal static partial class SetupAction
{
    /// <param name="Input">The input that holds the version.</param>
    /// <param name="Command">Prints the installed versions.</param>
    public sealed record Tool(string Name, string Input, string FileInput, string[] Command, string Install);

    public static readonly Tool DotNet = new(
        ".NET SDK", "dotnet-version", "global-json-file", ["dotnet", "--list-sdks"], "the .NET SDK");
    public static readonly Tool Node = new(
        "Node.js", "node-version", "node-version-file", ["node", "--version"], "Node.js (apt-get install nodejs npm)");
    public static readonly Tool Python = new(
        "Python", "python-version", "python-version-file", ["python3", "--version"],
        "Python (apt-get install python3)");
    public static readonly Tool Java = new(
        "Java", "java-version", "java-version-file", ["java", "--version"], "a JDK (apt-get install default-jdk)");
    public static readonly Tool Go = new(
        "Go", "go-version", "go-version-file", ["go", "version"], "Go (apt-get install golang)");

    public static async Task<StepResult> RunAsync(StepContext context, Tool tool, CancellationToken cancellation)
    {
        var lines = new List<string>();
        var exit = await context.RunAsync(tool.Command, lines.Add, cancellation, context.Job.Folders.Home);
        if (exit.End != Processes.ProcessEnd.Exited) return context.ResultOf(exit, null);
        if (!exit.Succeeded)
        {
            return StepResult.Failed($"{tool.Name} is not installed on the portal's machine: install {tool.Install}");
        }

        var installed = lines.Select(l => Version().Match(l)).Where(m => m.Success).Select(m => m.Value).Distinct()
            .ToList();
        var wanted = (context.Input(tool.Input) ?? "")
            .Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        foreach (var version in wanted)
        {
            if (installed.Exists(i => Meets(i, version))) continue;
            context.Log($"##[warning]{tool.Name} {version} is asked for; {string.Join(", ", installed)} of this "
                + "machine is used");
        }

        context.Outputs[tool.Input] = installed.Count > 0 ? installed[^1] : "";
        context.Log($"{tool.Name} {string.Join(", ", installed)} of this machine is used");
        return StepResult.Passed;
    }

    /// <summary>
    /// Whether an installed version serves: the same major, and what follows as far as it is asked for. A newer patch
    /// serves, too, and a newer minor where minors keep compatibility (Python 3 is the exception): a machine that
    /// downloads nothing cannot have every patch.
    /// </summary>
    internal static bool Meets(string installed, string wanted)
    {
        wanted = wanted.Trim().TrimStart('v', '=');
        if (wanted.Length == 0 || wanted is "latest" or "current" or "node" or "stable" or "oldstable"
            || wanted.StartsWith("lts", StringComparison.OrdinalIgnoreCase)) return true;
        var atLeast = wanted.StartsWith(">=", StringComparison.Ordinal);
        var range = Version().Match(wanted) is { Success: true } match ? match.Value : wanted;
        var (have, want) = (Numbers(installed), Numbers(range));
        if (want.Count == 0) return true;
        if (have.Count == 0) return false;
        if (have[0] != want[0]) return atLeast && have[0] > want[0];
        if (atLeast || wanted.StartsWith('^')) return Compare(have, want) >= 0;
        for (var i = 1; i < want.Count && i < have.Count; i++)
        {
            if (have[i] == want[i]) continue;
            return have[i] > want[i] && (i > 1 || have[0] > 3);
        }

        return true;
    }

    private static int Compare(List<int> left, List<int> right)
    {
        for (var i = 0; i < Math.Min(left.Count, right.Count); i++)
        {
            if (left[i] != right[i]) return left[i].CompareTo(right[i]);
        }

        return 0;
    }

    /// <summary>Up to the first part that is no number: 10.0.x is 10.0.</summary>
    private static List<int> Numbers(string version) =>
        [.. version.Split('.', '-').TakeWhile(p => int.TryParse(p, out _)).Select(int.Parse)];

    [GeneratedRegex(@"\d+(\.(\d+|[xX*]))*")]
    private static partial Regex Version();
}
