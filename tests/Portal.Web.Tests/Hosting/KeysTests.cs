using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Data;
using Portal.TestKit.Postgres;
using Portal.Web.Commands;

namespace Portal.Web.Tests.Hosting;

public sealed class KeysTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private readonly KeysReplicas replicas = new();
    private TestDatabase database = null!;

    public async ValueTask InitializeAsync() => database = await postgres.CreateDatabaseAsync();

    public async ValueTask DisposeAsync()
    {
        await replicas.DisposeAsync();
        await database.DisposeAsync();
    }

    [Theory]
    [InlineData("pfx")]
    [InlineData("pem")]
    [InlineData("password file")]
    [InlineData("key beside")]
    public async Task Certificate_TwoReplicas_OneReadsWhatTheOtherWrote(string form)
    {
        var settings = replicas.Certificate("now", form);
        var first = Protector(await replicas.BuildAsync(database, "a", settings));
        var text = first.Protect("the secret");

        var second = Protector(await replicas.BuildAsync(database, "b", settings));

        Assert.Equal("the secret", second.Unprotect(text));
    }

    [Fact]
    public async Task Certificate_WhatTheDatabaseHolds_DoesNotRevealTheKey()
    {
        var services = await replicas.BuildAsync(database, "a", replicas.Certificate("now", "pfx"));
        Protector(services).Protect("the secret");
        var key = Assert.Single(services.GetRequiredService<IKeyManager>().GetAllKeys());
        var inClear = key.Descriptor.ExportToXml().SerializedDescriptorElement.Descendants("value").Single().Value;

        await using var db = database.CreateDbContext();
        var stored = (await db.Set<DataProtectionKey>().SingleAsync()).Xml;

        Assert.True(Convert.FromBase64String(inClear).Length >= 32);
        Assert.DoesNotContain(inClear, stored, StringComparison.Ordinal);
        Assert.Contains("encryptedSecret", stored, StringComparison.Ordinal);
        Assert.Empty(replicas.KeyFiles("a"));
    }

    [Fact]
    public async Task Certificate_Rotated_OldOneStillUnwraps()
    {
        var text = Protector(await replicas.BuildAsync(database, "a", replicas.Certificate("old", "pfx"))).Protect(
            "the secret");

        var rotated = Protector(await replicas.BuildAsync(
            database, "a",
            [.. replicas.Certificate("new", "pem"), .. replicas.Certificate("old", "pfx", "Portal:Keys:Previous:0")]));

        Assert.Equal("the secret", rotated.Unprotect(text));
    }

    [Fact]
    public async Task Certificate_AnotherOneThanThatOfTheOthers_RefusesInOneLine()
    {
        Protector(await replicas.BuildAsync(database, "a", replicas.Certificate("old", "pfx"))).Protect("the secret");

        var error = await Assert.ThrowsAsync<StartupException>(
            () => replicas.BuildAsync(database, "b", replicas.Certificate("new", "pfx")));

        Assert.Contains("Portal:Keys:Previous", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public async Task Certificate_GivenLater_TakesTheKeysOfTheFolderOver()
    {
        var text =
            Protector(await replicas.BuildAsync(database, "a", ["--environment=Development"])).Protect("the secret");
        Assert.Single(replicas.KeyFiles("a"));
        var settings = replicas.Certificate("now", "pfx");

        await replicas.BuildAsync(database, "a", settings);
        var other = Protector(await replicas.BuildAsync(database, "b", settings));

        Assert.Equal("the secret", other.Unprotect(text));
        await using var db = database.CreateDbContext();
        Assert.DoesNotContain(
            "<masterKey", (await db.Set<DataProtectionKey>().SingleAsync()).Xml, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NoCertificate_Development_KeepsTheKeysInTheFolder()
    {
        Protector(await replicas.BuildAsync(database, "a", ["--environment=Development"])).Protect("the secret");

        Assert.Single(replicas.KeyFiles("a"));
        await using var db = database.CreateDbContext();
        Assert.Equal(0, await db.Set<DataProtectionKey>().CountAsync());
    }

    [Fact]
    public async Task NoCertificate_ProductionWithADatabaseOfItsOwn_RefusesInOneLine()
    {
        var error = await Assert.ThrowsAsync<StartupException>(() => replicas.BuildAsync(database, "a", []));

        Assert.Contains("Portal:Keys:Certificate is empty", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Theory]
    [InlineData("Portal:Keys:CertificatePassword", "wrong", "cannot be opened")]
    [InlineData("Portal:Keys:Certificate", "/nowhere/keys.pem", "/nowhere/keys.pem")]
    [InlineData("Portal:Keys:CertificatePasswordFile", "/nowhere/password", "/nowhere/password")]
    public async Task Certificate_ThatCannotBeRead_RefusesInOneLine(string key, string value, string said)
    {
        var error = await Assert.ThrowsAsync<StartupException>(
            () => replicas.BuildAsync(database, "a", [.. replicas.Certificate("now", "pfx"), $"--{key}={value}"]));

        Assert.Contains("Portal:Keys", error.Message, StringComparison.Ordinal);
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    private static IDataProtector Protector(IServiceProvider services) =>
        services.GetRequiredService<IDataProtectionProvider>().CreateProtector("test");
}
