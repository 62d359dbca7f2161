using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Catalog;
using Portal.Core.Entities;
using Portal.Core.Shared;
using Portal.Core.Tests.Runs.Execution;
using Portal.TestKit.Postgres;

namespace Portal.Core.Tests.Catalog;

public sealed class ReadTitlesTests(PostgresFixture postgres)
{
    /// <summary>A title may say more than a name: of what one may not see there is the name alone.</summary>
    [Fact]
    public async Task Of_WhatThePersonMayNotSee_IsLeftOutAndPeopleAndTeamsAreNot()
    {
        await using var bench = await RunBench.CreateAsync(postgres);
        await using (var db = bench.Database.CreateDbContext())
        {
            await db.Set<RoleGrant>().ExecuteDeleteAsync();
            db.Add(new RolePermission { Role = "reader", Permission = Permissions.CatalogRead });
            db.Add(new RoleGrant { Subject = "group:default/orders", Role = "reader", Scope = RoleGrant.Owned });
            db.AddRange(
                Entity("Component", "mine", "Mine", "orders"), Entity("Component", "theirs", "Theirs", "billing"),
                Entity("Component", "plain", null, "orders"), Entity("User", "grace", "Grace Hopper", null),
                Entity("Group", "billing", "Billing team", null));
            await db.SaveChangesAsync();
        }
        string[] asked =
        [
            "component:default/mine", "component:default/theirs", "component:default/plain", "user:default/grace",
            "group:default/billing", "group:default/nobody",
        ];
        var titles = bench.Get<ReadTitles>();

        var adas = await titles.OfAsync(
            asked, new Actor(EntityRef.User("ada"), "Ada", [EntityRef.Group("orders")]), CancellationToken.None);
        var strangers = await titles.OfAsync(
            asked, new Actor(EntityRef.User("zoe"), "Zoe", []), CancellationToken.None);

        Assert.Equal(["Billing team", "Grace Hopper", "Mine"], adas.Values.Order());
        Assert.Equal(["Billing team", "Grace Hopper"], strangers.Values.Order());
    }

    private static CatalogEntity Entity(string kind, string name, string? title, string? team) => new()
    {
        Key = new EntityRef(kind, "default", name).Key, Kind = kind, Namespace = "default", Name = name, Title = title,
        Owner = team is null ? null : $"group:default/{team}", Descriptor = "{}", Location = "url:x",
        CreatedAt = DateTimeOffset.UtcNow, UpdatedAt = DateTimeOffset.UtcNow,
    };
}
