namespace Portal.Core.Data.PrivateCluster;

/// <summary>The PostgreSQL programs of one major version.</summary>
internal sealed record PostgresBinaries(int Version, string Folder)
{
    public string Initdb => Path.Combine(Folder, "initdb");

    public string PgCtl => Path.Combine(Folder, "pg_ctl");

    /// <summary>The newest installed version, or the one that made the existing data: no other can open it.</summary>
    public static PostgresBinaries Find(string installations, int? madeBy)
    {
        var installed = Installed(installations);
        if (installed.Count == 0)
        {
            throw new PrivateClusterException(
                $"PostgreSQL is not installed (nothing in {installations}): run 'apt-get install postgresql', or set ConnectionStrings:Portal to a server of yours");
        }

        if (madeBy is null) return installed[^1];

        return installed.Find(one => one.Version == madeBy) ?? throw new PrivateClusterException(
            $"the database was made by PostgreSQL {madeBy}, and installed is {string.Join(", ", installed.Select(one => one.Version))}: "
            + $"run 'apt-get install postgresql-{madeBy}', or start over with ./portal reset");
    }

    private static List<PostgresBinaries> Installed(string installations)
    {
        if (!Directory.Exists(installations)) return [];

        return Directory.EnumerateDirectories(installations)
            .Select(folder => (Known: int.TryParse(
                Path.GetFileName(folder), out var version), Version: version, Bin: Path.Combine(folder, "bin")))
            .Where(one => one.Known && File.Exists(Path.Combine(one.Bin, "postgres"))
                && File.Exists(Path.Combine(one.Bin, "pg_ctl")))
            .OrderBy(one => one.Version)
            .Select(one => new PostgresBinaries(one.Version, one.Bin))
            .ToList();
    }
}
