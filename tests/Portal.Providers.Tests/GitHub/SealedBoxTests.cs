using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Portal.Providers.GitHub;
using Portal.TestKit;

namespace Portal.Providers.Tests.GitHub;

/// <summary>The real libsodium opens what we sealed: GitHub does no more.</summary>
public sealed class SealedBoxTests
{
    private const string Open = """
        const sodium = require('libsodium-wrappers');
        sodium.ready.then(() => {
          const lines = require('fs').readFileSync(0, 'utf8').trim();
          if (lines === 'keys') {
            const pair = sodium.crypto_box_keypair();
            console.log(JSON.stringify([Buffer.from(pair.publicKey).toString('base64'), Buffer.from(pair.privateKey).toString('base64')]));
            return;
          }
          const [pub, secret, ...boxes] = JSON.parse(lines).map(v => new Uint8Array(Buffer.from(v, 'base64')));
          console.log(JSON.stringify(boxes.map(b => Buffer.from(sodium.crypto_box_seal_open(b, pub, secret)).toString('base64'))));
        });
        """;

    [Fact]
    public async Task Seal_AnyLength_IsOpenedByLibsodium()
    {
        var keys = await NodeAsync("keys");
        var messages = new[] { 0, 1, 31, 32, 33, 63, 64, 65, 100, 1000, 48 * 1024 }.Select(
            RandomNumberGenerator.GetBytes).Append(Encoding.UTF8.GetBytes("pässword 🔑")).ToList();
        var boxes = messages.Select(m => Convert.ToBase64String(SealedBox.Seal(m, Convert.FromBase64String(keys[0]))));
        var opened = await NodeAsync(JsonSerializer.Serialize(keys.Concat(boxes)));
        Assert.Equal(messages.Select(Convert.ToBase64String), opened);
    }

    [Fact]
    public void Seal_SameTextTwice_LooksDifferent()
    {
        var key = new byte[32];
        key[0] = 9;
        Assert.NotEqual(SealedBox.Seal("secret"u8.ToArray(), key), SealedBox.Seal("secret"u8.ToArray(), key));
    }

    [Fact]
    public void Seal_KeyOfAnotherLength_IsRefused() =>
        Assert.Throws<ArgumentException>(() => SealedBox.Seal("secret"u8.ToArray(), new byte[31]));

    private static async Task<string[]> NodeAsync(string input)
    {
        var folder = RepositoryRoot.Combine("tests", "Portal.Providers.Tests", "GitHub", "Libsodium");
        await NpmPackages.EnsureAsync(folder, TestContext.Current.CancellationToken);
        using var node = Process.Start(new ProcessStartInfo("node", ["-e", Open])
        {
            WorkingDirectory = folder, UseShellExecute = false, RedirectStandardInput = true,
            RedirectStandardOutput = true
        })!;
        await node.StandardInput.WriteAsync(input);
        node.StandardInput.Close();
        var output = await node.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await node.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, node.ExitCode);
        return JsonSerializer.Deserialize<string[]>(output)!;
    }
}
