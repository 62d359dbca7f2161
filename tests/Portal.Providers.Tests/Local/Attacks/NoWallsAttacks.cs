using Portal.Providers.Local.Processes;
using Portal.Providers.Tests.Local.Processes;

namespace Portal.Providers.Tests.Local.Attacks;

/// <summary>
/// On a machine that cannot make sandboxes: nothing runs as root all the same, and the pages say what is missing.
/// </summary>
[Trait("Category", "Attack")]
public sealed class NoWallsAttacks : IDisposable
{
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;

    private readonly ProcessSandbox sandbox = new(TimeProvider.System) { Isolation = new Isolation(
        "it is not installed"), Grace = TimeSpan.FromMilliseconds(200) };
    private readonly string folder = JobFolder.Create();
    private readonly List<string> lines = [];

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Description_WithoutWalls_SaysSoAndWhy()
    {
        Assert.Contains(
            "They are not isolated from this machine: it is not installed.", sandbox.Description,
            StringComparison.Ordinal);
        Assert.Contains(sandbox.User.Name, sandbox.Description, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PATH")]
    [InlineData("LD_PRELOAD")]
    [InlineData("BASH_ENV")]
    [InlineData("ENV")]
    public async Task Variables_OfTheJob_TakeNoEffectBeforeItsUserDoes(string name)
    {
        var program = Path.Combine(folder, "setsid");
        await File.WriteAllTextAsync(program, "#!/bin/sh\necho ran as $(/usr/bin/id -u)\n", Cancellation);
        File.SetUnixFileMode(program, (UnixFileMode)0b111_101_101);
        foreach (var tool in (string[])["setpriv", "nice", "env", "sh"]) File.Copy(program, Path.Combine(folder, tool));

        await using var open =
            await sandbox.OpenAsync(new SandboxSpec($"test-{Guid.NewGuid():N}", folder, folder, []), Cancellation);
        await open.RunAsync(
            new SandboxCommand(["/usr/bin/id", "-u"], folder, new Dictionary<string, string> { [name] = name == "PATH"
                ? folder
                : program }), lines.Add, null, Cancellation);

        var user =
            (sandbox.User.Uid ?? Native.CurrentUser()).ToString(System.Globalization.CultureInfo.InvariantCulture);
        Assert.Contains(user, lines);
        Assert.DoesNotContain(lines, l => l == "ran as 0" && user != "0");
    }

    [Fact]
    public async Task Command_WhoseTimeIsUp_IsEndedByItsTag()
    {
        var tag = $"test-{Guid.NewGuid():N}";
        await using var open = await sandbox.OpenAsync(new SandboxSpec(tag, folder, folder, []), Cancellation);
        var exit = await open.RunAsync(
            new SandboxCommand(
                ["bash", "-c", "trap '' TERM; sleep 600 & setsid sleep 600 & while :; do sleep 600; done"], folder,
                new Dictionary<string, string>()),
            lines.Add, TimeSpan.FromMilliseconds(200), Cancellation);

        Assert.Equal(ProcessEnd.TimedOut, exit.End);
        Assert.Empty(ProcessTable.FindByTag(tag));
    }
}
