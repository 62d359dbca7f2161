using Npgsql;

namespace Portal.Web.Commands.Doctor;

/// <summary>
/// What hosts have and the portal does not know, and the other way round, as the portal's own sweep found it.
/// </summary>
internal static class HostsFinding
{
    private const string Name = "hosts";

    public static async Task<Finding> RunAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        if (!await connection.ReadAsync<bool>("select to_regclass('host_differences') is not null", cancellation))
        {
            return Finding.Warn(
                Name, "never compared with what the portal knows", "start a portal of this build, which compares them");
        }
        var found = await connection.ListAsync(
            "select provider || ': ' || kind || ' ' || name from host_differences where seen_at > found_at order by 1 limit 10",
            cancellation);
        return found.Count == 0
            ? Finding.Ok(Name, "they have what the portal knows")
            : Finding.Warn(
                Name, $"differ from what the portal knows: {string.Join(", ", found)}",
                "see the page Providers for what each is, and remove what nobody needs");
    }
}
