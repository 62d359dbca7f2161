using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Portal.Core.Audit;
using Portal.Core.Entities;
using Portal.Core.Shared;
using Portal.Core.Tests.Runs.Execution;
using Portal.TestKit.Postgres;

namespace Portal.Core.Tests.Audit;

public sealed class AuditTrailTests(PostgresFixture postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SaveAudited_ByManyAtOnce_IsOneChain()
    {
        await using var bench = await RunBench.CreateAsync(postgres);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(async () =>
        {
            await using var db = bench.Database.CreateDbContext();
            await db.SaveAuditedAsync(TimeProvider.System, Cancellation, Entry($"{i}"), Entry($"{i}"));
        })));

        await using var read = bench.Database.CreateDbContext();
        var events = await read.Set<AuditEvent>().OrderBy(e => e.Number).ToListAsync(Cancellation);
        Assert.Equal(16, events.Count);
        var before = AuditTrail.Genesis;
        foreach (var e in events)
        {
            Assert.Equal(before, JsonNode.Parse(e.Canonical)!["before"]!.ToString());
            Assert.Equal(before = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(e.Canonical))),
                e.Hash);
        }
    }

    [Fact]
    public async Task SaveAudited_InATransactionThatIsGivenUp_LeavesNothing()
    {
        await using var bench = await RunBench.CreateAsync(postgres);
        await using (var db = bench.Database.CreateDbContext())
        {
            await using var transaction = await db.Database.BeginTransactionAsync(Cancellation);
            db.Add(new CatalogEntity
            {
                Key = "user:default/x", Kind = "User", Namespace = "default", Name = "x", Descriptor = "{}",
                Location = "portal:x",
                CreatedAt = DateTimeOffset.UnixEpoch, UpdatedAt = DateTimeOffset.UnixEpoch,
            });
            await db.SaveAuditedAsync(TimeProvider.System, Cancellation, Entry("x"));
            await transaction.RollbackAsync(Cancellation);
        }

        await using var read = bench.Database.CreateDbContext();
        Assert.False(await read.Set<AuditEvent>().AnyAsync(Cancellation));
        Assert.False(await read.Set<CatalogEntity>().AnyAsync(Cancellation));
    }

    private static AuditEntry Entry(string subject) =>
        new(RunBench.Ada, "entity.created", subject, "Made it", EntityRef.Group("orders"));
}
