using System.Globalization;
using Npgsql;
using Portal.Core.Data.Clocks;

namespace Portal.Web.Commands.Doctor;

/// <summary>
/// Leases, queues and all that ends by time go by the database's clock; logs and sign-ins by the host's.
/// </summary>
internal static class ClockFinding
{
    private const string Name = "clock";
    private const double LateSeconds = 1;
    private const string FollowTime = "let both follow a time server (chrony, systemd-timesyncd)";

    public static async Task<Finding> RunAsync(
        NpgsqlConnection connection, IServiceProvider services, CancellationToken cancellation)
    {
        if (!await connection.ReadAsync<bool>("select to_regclass('clock_anchors') is not null", cancellation))
        {
            return Finding.Warn(
                Name, "the tables to compare clocks with are missing",
                "start a portal of this build, which makes them");
        }
        var (reading, judged) = await services.GetRequiredService<DestructionGuard>().PeekAsync(cancellation);
        var apart = reading.Ahead.TotalSeconds;
        var seen = string.Create(
            CultureInfo.InvariantCulture,
            $"the database is {Math.Abs(apart):0.000} s {(apart > 0 ? "behind" : "ahead of")} this host");
        return judged switch
        {
            { Problem: { } problem, Settles: true } => Finding.Warn(
                Name, $"{seen}; nothing is destroyed by time: {problem}",
                "wait, or confirm on the page Providers that the time is right"),
            { Problem: { } problem, CanConfirm: true } => Finding.Fail(
                Name, $"{seen}; nothing is destroyed by time: {problem}",
                "set the clock right; if it is right, confirm that on the page Providers"),
            { Problem: { } problem } => Finding.Fail(
                Name, $"{seen}; nothing is destroyed by time: {problem}", FollowTime),
            _ => Math.Abs(apart) > LateSeconds ? Finding.Warn(Name, seen, FollowTime) : Finding.Ok(Name, seen),
        };
    }
}
