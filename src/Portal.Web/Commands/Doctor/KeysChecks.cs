using System.Globalization;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Npgsql;
using Portal.Web.Hosting;

namespace Portal.Web.Commands.Doctor;

/// <summary>Whether the keys are shared, wrapped, and readable with this replica's certificate.</summary>
internal static class KeysChecks
{
    private const string Name = "keys";

    public static async Task<Finding> RunAsync(
        NpgsqlConnection connection, IServiceProvider services, IHostEnvironment environment, bool isPrivate,
        CancellationToken cancellation)
    {
        var total = await connection.ReadAsync<long>("select count(*) from data_protection_keys", cancellation);
        var inClear = await connection.ReadAsync<long>(
            "select count(*) from data_protection_keys where xml like '%<masterKey%'", cancellation);
        if (inClear > 0)
        {
            return Finding.Fail(
                Name, $"{inClear} keys in the database are not wrapped: who has a dump has the secrets",
                "delete those rows and restart; people sign in again, and secrets of open runs are lost");
        }

        var options = KeysSetup.Read(services.GetRequiredService<IConfiguration>());
        if (options.Certificate.Length > 0) return Wrapped(total, options, services);
        var sealedRuns =
            await connection.ReadAsync<long>("select count(*) from runs where secrets is not null", cancellation);
        return Lost(services, sealedRuns) ?? InFolder(total, environment, isPrivate);
    }

    /// <summary>What was sealed with keys that are not there cannot be opened by anybody.</summary>
    private static Finding? Lost(IServiceProvider services, long sealedRuns)
    {
        var folder = services.GetRequiredService<DataFolder>().Keys;
        try
        {
            var files = Directory.Exists(folder) ? Directory.GetFiles(folder, "key-*.xml").Length : 0;
            if (files == 0)
            {
                return sealedRuns == 0 ? null : Finding.Fail(
                    Name, $"{folder} holds none, and {sealedRuns} runs have secrets that they sealed",
                    "restore the folder from the backup's .keys file");
            }
            var readable = services.GetRequiredService<IKeyManager>().GetAllKeys().Count;
            return readable >= files ? null : Finding.Fail(
                Name, $"{files - readable} of {files} files in {folder} are no keys any more",
                "restore the folder from the backup's .keys file");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return Finding.Fail(
                Name, $"{folder} cannot be read ({error.Message})", $"give it to the user {Environment.UserName}");
        }
    }

    private static Finding InFolder(long inDatabase, IHostEnvironment environment, bool isPrivate) =>
        inDatabase > 0 ? Finding.Fail(
            Name, $"{inDatabase} keys are in the database, and no certificate is set",
            $"set {KeysOptions.Section}:Certificate to the one that wrapped them")
        : isPrivate || environment.IsDevelopment() ? Finding.Ok(Name, "files in the data folder: for one machine")
        // The settings' own check says so already, and what to do.
        : Finding.Warn(
            Name, "files in the data folder, which other replicas do not see",
            $"set {KeysOptions.Section}:Certificate");

    private static Finding Wrapped(long total, KeysOptions options, IServiceProvider services)
    {
        var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
        var closed = KeysSetup.Closed(services.GetRequiredService<IKeyManager>(), now);
        if (closed > 0)
        {
            return Finding.Fail(
                Name, $"{closed} of {total} keys are wrapped by another certificate",
                $"name it in {KeysOptions.Section}:Previous:0:Certificate");
        }

        using var certificate = KeysCertificates.Load(options, KeysOptions.Section);
        var expiry = certificate.NotAfter.ToUniversalTime();
        var seen = $"{total} in the database, wrapped by {certificate.Subject}";
        return expiry < now.UtcDateTime
            ? Finding.Warn(
                Name,
                $"{seen}, which expired on {expiry.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)} and still opens them",
                $"make a new one, and move this one to {KeysOptions.Section}:Previous")
            : Finding.Ok(Name, seen);
    }
}
