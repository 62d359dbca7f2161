using System.Net.Sockets;
using Npgsql;
using Portal.Core.Runs.Execution;

namespace Portal.Core.Tests.Runs.Properties;

/// <summary>
/// A process that dies at a boundary of the journal: it writes nothing more of what it is at. What it had gathered may
/// still be written, as by one that dies a moment later.
/// </summary>
internal sealed class DeathPoints : IJournalFailPoints
{
    private JournalBoundary boundary;
    private int left;

    public bool Happened { get; private set; }

    public void Arm(JournalBoundary at, int ordinal) => (boundary, left, Happened) = (at, ordinal, false);

    public void Disarm() => left = 0;

    public ValueTask ReachedAsync(JournalBoundary reached, string effect, CancellationToken cancellation)
    {
        if (left == 0 || reached != boundary || --left > 0) return default;
        Happened = true;
        throw new NpgsqlException("the connection is gone", new SocketException());
    }
}
