using System.Text;
using System.Text.Json.Nodes;
using Portal.TestKit.GitHub;
using Portal.TestKit.GitHub.Server.Settings;

namespace Portal.Providers.Tests.GitHub.World;

public sealed class SealedBoxTests
{
    private const string PrivateKey = "3d94eea49c580aef816935762be049559d6d1440dede12e6a125f1841fff8e6f";
    private const string PublicKey = "4701d08488451f545a409fb58ae3e58581ca40ac3f7f114698cd71deac73ca01";

    /// <summary>Made by <c>crypto_box_seal</c> of libsodium 1.0.18.</summary>
    private const string Sealed =
        "4702ba1b9bc46b90dcff1bc6ddbca1b202c7f38a1553ccecb7aa06ea5d308325afb4df525de4535fa2b50ac1fde486c8becfec617611fe5c6a814f062aa2d2dbac3b71e2fbedc12f5760dda64b629e79"
        + "aae53eb6a759948d3acb6addaf61ab5f524505a84e9cab61767e52006ff230a3aaa48ac45e87d660468177bc574149ca19fe";

    [Fact]
    public void Open_SealedByLibsodium_GivesTheText()
    {
        var box = new SealedBox(Convert.FromHexString(PrivateKey));

        Assert.Equal(PublicKey, Convert.ToHexStringLower(box.PublicKey));
        Assert.Equal(
            "pässword-42 of the sealed box, which is longer than one block of sixty-four bytes",
            Encoding.UTF8.GetString(box.Open(Convert.FromHexString(Sealed))!));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(40)]
    [InlineData(60)]
    public void Open_OneByteIsChanged_IsRefused(int at)
    {
        var bytes = Convert.FromHexString(Sealed);
        bytes[at] ^= 1;

        Assert.Null(new SealedBox(Convert.FromHexString(PrivateKey)).Open(bytes));
    }

    [Fact]
    public async Task PutSecret_SealedByLibsodium_WorldKnowsWhatItSays()
    {
        await using var world =
            await GitHubWorld.StartAsync(new GitHubWorldOptions { SecretsKey = Convert.FromHexString(PrivateKey) });
        using var caller = await GitHubCaller.OfInstallationAsync(world);
        await world.AddRepositoryAsync("shop/orders", ("a.txt", "one"));
        var key = await caller.GetAsync("repos/shop/orders/actions/secrets/public-key");
        Assert.Equal(Convert.ToBase64String(Convert.FromHexString(PublicKey)), (string)key["key"]!);
        var body = new JsonObject { ["key_id"] = (string)key["key_id"]!, ["encrypted_value"] = Convert.ToBase64String(
            Convert.FromHexString(Sealed)) };

        Assert.Equal(
            201, (await caller.SendAsync("PUT", "repos/shop/orders/actions/secrets/TOKEN", body.DeepClone())).Status);
        Assert.Equal(204, (await caller.SendAsync("PUT", "repos/shop/orders/actions/secrets/TOKEN", body)).Status);

        Assert.StartsWith("pässword-42", world.Secrets("shop/orders")["TOKEN"], StringComparison.Ordinal);
        Assert.DoesNotContain(
            "pässword", (await caller.GetAsync("repos/shop/orders/actions/secrets")).ToJsonString(),
            StringComparison.Ordinal);
        world.AssertNoViolations();
    }

    [Fact]
    public void Open_ForAnotherKey_IsRefused() => Assert.Null(new SealedBox().Open(Convert.FromHexString(Sealed)));
}
