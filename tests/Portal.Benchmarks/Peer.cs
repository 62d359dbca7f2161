namespace Portal.Benchmarks;

/// <summary>
/// Backstage, backend only (catalog and scaffolder, SQLite file, no sign-in, permission or search plugin), measured on
/// a machine with 2 cores, Debian 12, November 2026. Medians. A = 1.55 on Node 24, B = 1.45 on Node 20.
/// </summary>
internal static class Peer
{
    public static readonly IReadOnlyDictionary<string, (string A, string B)> Figures =
        new Dictionary<string, (string, string)>(StringComparer.Ordinal)
        {
            ["ready_fresh_s"] = ("1.54", "1.28"),
            ["ready_s"] = ("1.18", "1.12"),
            ["rss_mib"] = ("264", "173"),
            ["rss_loaded_mib"] = ("475–594", "2,387"),
            ["task_20_s"] = ("0.074", "0.125"),
            ["task_200_s"] = ("0.454", "0.704"),
            ["task_1000_s"] = ("2.29", "4.89"),
            ["dryrun_20_s"] = ("0.051", "0.150"),
            ["dryrun_200_s"] = ("0.767", "1.03"),
            ["dryrun_1000_s"] = ("3.96", "4.25"),
            ["tasks_50_s"] = ("3.8–6.1", "8.8"),
            ["list_rps"] = ("90", "15"),
            ["by_name_rps"] = ("5,132", "3,250"),
        };
}
