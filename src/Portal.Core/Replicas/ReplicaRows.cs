using Npgsql;

namespace Portal.Core.Replicas;

/// <summary>The statements of the lease, synchronous: they run on its own thread.</summary>
internal static class ReplicaRows
{
    public static NpgsqlConnection Open(string connectionString)
    {
        var connection = new NpgsqlConnection(connectionString);
        connection.Open();
        return connection;
    }

    /// <summary>
    /// Renews the row (and makes it, the first time or when it was removed) and returns the tokens of the given runs.
    /// </summary>
    public static List<(Guid Run, long Token)> Renew(
        NpgsqlConnection connection, ReplicaIdentity me, Guid[] runs, bool first)
    {
        using var command = new NpgsqlCommand(
            """
            insert into replicas (incarnation, name, host, process_id, version, started_at, seen_at)
            values ($1, $2, $3, $4, $5, clock_timestamp(), clock_timestamp())
            on conflict (incarnation) do update set seen_at = clock_timestamp()
            """, connection)
        {
            Parameters =
            {
                new NpgsqlParameter<Guid> { TypedValue = me.Incarnation },
                new NpgsqlParameter<string> { TypedValue = me.Name },
                new NpgsqlParameter<string> { TypedValue = me.Host },
                new NpgsqlParameter<int> { TypedValue = me.ProcessId },
                new NpgsqlParameter<string> { TypedValue = me.Version },
            },
        };
        command.ExecuteNonQuery();
        if (first) Execute(connection, "delete from replicas where seen_at < clock_timestamp() - interval '1 day'");
        return runs.Length == 0 ? [] : Tokens(connection, runs);
    }

    public static void Forget(NpgsqlConnection connection, Guid incarnation)
    {
        using var command = new NpgsqlCommand(
            "delete from replicas where incarnation = $1",
            connection) { Parameters = { new NpgsqlParameter<Guid> { TypedValue = incarnation } } };
        command.ExecuteNonQuery();
    }

    private static List<(Guid, long)> Tokens(NpgsqlConnection connection, Guid[] runs)
    {
        using var command = new NpgsqlCommand(
            "select id, token from runs where id = any ($1)",
            connection) { Parameters = { new NpgsqlParameter<Guid[]> { TypedValue = runs } } };
        using var reader = command.ExecuteReader();
        var tokens = new List<(Guid, long)>();
        while (reader.Read()) tokens.Add((reader.GetGuid(0), reader.GetInt64(1)));
        return tokens;
    }

    private static void Execute(NpgsqlConnection connection, string sql)
    {
        using var command = new NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }
}
