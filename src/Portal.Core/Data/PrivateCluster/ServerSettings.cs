namespace Portal.Core.Data.PrivateCluster;

/// <summary>What a private server is started with; nothing in its data directory is edited.</summary>
internal static class ServerSettings
{
    public static string For(PrivatePostgresOptions options, string socketFolder)
    {
        List<string> settings =
        [
            "listen_addresses=''",
            $"unix_socket_directories={socketFolder}",
            "unix_socket_permissions=0700",
            $"port={SocketFolder.Port}",
            "max_connections=300",
            // The portal's queries are short: compiling them costs more than it saves.
            "jit=off",
        ];
        if (!options.Durable)
        {
            settings.AddRange(
            [
                "fsync=off", "synchronous_commit=off", "full_page_writes=off",
                "wal_level=minimal", "max_wal_senders=0", "max_wal_size=2GB", "checkpoint_timeout=1h",
            ]);
        }

        return string.Join(' ', settings.Select(setting => $"-c {setting}"));
    }
}
