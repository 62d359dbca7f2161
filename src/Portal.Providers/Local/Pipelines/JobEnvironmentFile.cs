namespace Portal.Providers.Local.Pipelines;

/// <summary>
/// <c>packages/job.env</c> below the portal's data: NAME=VALUE lines with which jobs restore packages without network.
/// Written by
/// <c>build/prefetch-packages.sh</c>, which tells more.
/// </summary>
internal static class JobEnvironmentFile
{
    public static IReadOnlyDictionary<string, string> Read(string path)
    {
        var made = new Dictionary<string, string>(StringComparer.Ordinal);
        if (!File.Exists(path)) return made;
        foreach (var line in File.ReadLines(path))
        {
            if (line.Length > 0 && line[0] != '#' && line.IndexOf('=', StringComparison.Ordinal) is > 0 and var at)
            {
                made[line[..at]] = line[(at + 1)..];
            }
        }

        return made;
    }
}
