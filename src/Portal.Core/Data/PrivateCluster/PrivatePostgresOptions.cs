namespace Portal.Core.Data.PrivateCluster;

/// <summary>Where and how a private PostgreSQL runs.</summary>
public sealed record PrivatePostgresOptions
{
    /// <summary>
    /// Folder of the cluster alone: its data, log, socket and password. Made if absent. When the portal runs as root
    /// the user <c>postgres</c> owns it and must be able to reach it.
    /// </summary>
    public required string Folder { get; init; }

    /// <summary>
    /// True: what is committed survives a power failure. False, for tests alone: nothing waits for the disk, and a
    /// crash of the machine loses the cluster.
    /// </summary>
    public bool Durable { get; init; } = true;

    /// <summary>Name of the portal's database, made if absent.</summary>
    public string Database { get; init; } = "portal";

    /// <summary>Folder that holds one folder per installed major version, as Debian and Ubuntu lay it out.</summary>
    public string Installations { get; init; } = "/usr/lib/postgresql";

    /// <summary>How long a start may take; recovery after a crash is part of it.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(60);
}
