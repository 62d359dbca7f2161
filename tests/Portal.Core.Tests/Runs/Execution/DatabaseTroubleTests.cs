using Npgsql;
using Portal.Core.Data;

namespace Portal.Core.Tests.Runs.Execution;

public sealed class DatabaseTroubleTests
{
    /// <summary>A server that is killed tears connections out of Npgsql's hands, which then stumbles in its own ways.</summary>
    [Fact]
    public void Is_WhatNpgsqlStumblesOver_IsTrouble()
    {
        Assert.True(DatabaseTrouble.Is(new ObjectDisposedException("NpgsqlConnector") { Source = nameof(Npgsql) }));
        Assert.True(DatabaseTrouble.Is(new InvalidOperationException("This NpgsqlTransaction has completed; it is no longer usable.") { Source = nameof(Npgsql) }));
        Assert.True(DatabaseTrouble.Is(new InvalidOperationException("transient", new NpgsqlException("gone"))));
    }

    [Fact]
    public void Is_FaultOfThePortal_IsNone()
    {
        Assert.False(DatabaseTrouble.Is(new ObjectDisposedException("NpgsqlConnector") { Source = "Portal.Core" }));
        Assert.False(DatabaseTrouble.Is(new InvalidOperationException { Source = "Portal.Core" }));
        Assert.False(DatabaseTrouble.Is(new InvalidCastException { Source = nameof(Npgsql) }));
    }
}
