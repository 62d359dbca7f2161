using System.Globalization;
using System.Text;

namespace Portal.Providers.Tests.Local;

/// <summary>
/// What runs on this machine, in whatever namespace, with whatever environment: by its command line, parts divided by
/// NUL.
/// </summary>
internal static class RunningCommands
{
    public static List<int> With(string part) => [.. Directory.EnumerateDirectories("/proc")
        .Select(f => int.TryParse(Path.GetFileName(f), NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
            ? pid
            : 0)
        .Where(pid => pid > 0 && Line(pid).Contains(part, StringComparison.Ordinal))];

    private static string Line(int pid)
    {
        try
        {
            return Encoding.UTF8.GetString(File.ReadAllBytes($"/proc/{pid}/cmdline"));
        }
        catch (IOException)
        {
            return "";
        }
    }
}
