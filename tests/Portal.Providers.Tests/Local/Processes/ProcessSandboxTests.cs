using System.Diagnostics;
using Portal.Providers.Local.Processes;

namespace Portal.Providers.Tests.Local.Processes;

public sealed class ProcessSandboxTests : IAsyncDisposable
{
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;

    private readonly ProcessSandbox sandbox = new(TimeProvider.System) { Grace = TimeSpan.FromMilliseconds(200) };
    private readonly string folder = JobFolder.Create();
    private readonly string tag = $"test-{Guid.NewGuid():N}";
    private readonly List<string> lines = [];
    private Sandbox? open;

    public async ValueTask DisposeAsync()
    {
        if (open is not null) await open.EndAsync();
        Directory.Delete(folder, true);
    }

    [Fact]
    public async Task RunAsync_BothStreams_AreReadInOrder()
    {
        var exit = await RunAsync("echo one; echo two >&2; echo three; exit 3");

        Assert.Equal(new ProcessExit(3, ProcessEnd.Exited), exit);
        Assert.Equal(["one", "two", "three"], lines);
    }

    [Fact]
    public async Task RunAsync_OfAPortalThatIsRoot_RunsAsTheJobUserWithoutATerminal()
    {
        await RunAsync("id -un; cat /proc/$$/stat | cut -d' ' -f7; pwd; echo $HOME");

        Assert.Equal([sandbox.User.Name, "0", folder, folder], lines);
    }

    [Fact]
    public async Task RunAsync_EnvironmentOfThePortal_StaysWithThePortal()
    {
        Environment.SetEnvironmentVariable("ConnectionStrings__Portal", "Password=hunter2");
        var secretFile = Path.Combine(Path.GetTempPath(), $"portal-test-{Guid.NewGuid():N}");
        await File.WriteAllTextAsync(secretFile, "hunter2", Cancellation);
        File.SetUnixFileMode(secretFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        try
        {
            await RunAsync(
                $"env; cat /proc/$PPID/environ /proc/{Environment.ProcessId}/environ {(sandbox.User.IsSeparate ? secretFile : "")}; true");

            Assert.Contains(lines, l => l.StartsWith("PATH=", StringComparison.Ordinal));
            Assert.Contains($"{ProcessTable.TagVariable}={tag}", lines);
            if (sandbox.User.IsSeparate)
            {
                Assert.DoesNotContain(lines, l => l.Contains("hunter2", StringComparison.Ordinal));
            }
            Assert.DoesNotContain(lines, l => l.StartsWith("ConnectionStrings__", StringComparison.Ordinal));
        }
        finally
        {
            Environment.SetEnvironmentVariable("ConnectionStrings__Portal", null);
            File.Delete(secretFile);
        }
    }

    [Fact]
    public async Task RunAsync_WhenTimeIsUp_NothingSurvives()
    {
        var exit = await RunAsync(
            "trap '' TERM; sleep 600 & setsid sleep 600 & (setsid sh -c '(trap \"\" TERM; sleep 600; sleep 600) & ' &) ; while :; do sleep 600; done",
            timeout: TimeSpan.FromMilliseconds(150));

        Assert.Equal(ProcessEnd.TimedOut, exit.End);
        Assert.Empty(ProcessTable.FindByTag(tag));
    }

    [Fact]
    public async Task RunAsync_WhenTimeIsUp_NothingSurvivesThatClearedItsEnvironment()
    {
        await RunAsync(
            "env -i setsid sh -c 'trap \"\" TERM; exec 0</dev/null >/dev/null 2>&1; while :; do sleep 600.5; done' & sleep 600",
            timeout: TimeSpan.FromMilliseconds(500));

        Assert.Empty(RunningCommands.With("600.5"));
    }

    [Fact]
    public async Task RunAsync_WhenCancelled_EndsTheGroup()
    {
        using var stop = new CancellationTokenSource();
        var exit = await (await OpenAsync()).RunAsync(
            Command("echo ready; sleep 600"), l => { lines.Add(l); stop.Cancel(); }, null, stop.Token);

        Assert.Equal(ProcessEnd.Cancelled, exit.End);
        Assert.Empty(ProcessTable.FindByTag(tag));
    }

    [Fact]
    public async Task RunAsync_ChildInTheBackground_DoesNotHoldTheCommand()
    {
        var clock = Stopwatch.StartNew();
        var exit = await RunAsync("sleep 600.625 & echo started");

        Assert.True(exit.Succeeded);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(30));
        Assert.Single(RunningCommands.With("600.625"));
        Assert.True((await RunAsync("pgrep -f 600.625")).Succeeded);
        await open!.EndAsync();
        Assert.Empty(RunningCommands.With("600.625"));
        Assert.Empty(ProcessTable.FindByTag(tag));
    }

    [Fact]
    public async Task EndAsync_ByPrefix_EndsEveryJobOfARun()
    {
        foreach (var one in (string[])[$"{tag}.1", $"{tag}.2"])
        {
            var job = await sandbox.OpenAsync(Spec(one), Cancellation);
            using var process = job.Start(Command("sleep 600"), lines.Add);
        }

        await ProcessKiller.EndAsync($"{tag}.", TimeSpan.FromSeconds(1), prefix: true);

        Assert.Empty(ProcessTable.FindByTag(tag, prefix: true));
    }

    [Fact]
    public async Task RunAsync_TooMuchOutput_KeepsTheFirstPartAndSaysSo()
    {
        var exit = await (await OpenAsync()).RunAsync(
            Command("yes 0123456789 | head -c 30000000; echo end") with { MaxOutputBytes = 1 << 20 }, lines.Add, null,
            Cancellation);

        Assert.True(exit.Succeeded);
        Assert.Equal("The output is longer than 1 MB: the rest is not kept.", lines[^1]);
        Assert.InRange(lines.Sum(l => l.Length + 1), 900_000, 1 << 21);
    }

    [Fact]
    public async Task RunAsync_LongLinesAndBrokenText_AreMadeReadable()
    {
        await RunAsync("head -c 100000 /dev/zero | tr '\\0' x; echo; printf 'a\\377b\\0c\\n10%%\\r20%%\\r\\nlast'");

        Assert.EndsWith("bytes cut)", lines[0], StringComparison.Ordinal);
        Assert.Equal(["a\uFFFDb\uFFFDc", "20%", "last"], lines.Skip(1));
    }

    [Fact]
    public async Task RunAsync_FileTooLarge_IsStopped()
    {
        var exit = await (await OpenAsync()).RunAsync(
            Command("head -c 3000000 /dev/zero > big") with
            {
                Limits = ProcessLimits.Default with { MaxFileSizeMiB = 1 }
            }, lines.Add, null, Cancellation);

        Assert.False(exit.Succeeded);
        Assert.Equal(1 << 20, new FileInfo(Path.Combine(folder, "big")).Length);
    }

    [Fact]
    public async Task RunAsync_MissingFolder_SaysSo()
    {
        var exit = await (await OpenAsync()).RunAsync(
            Command("true") with { WorkingFolder = "/nowhere" }, lines.Add, null, Cancellation);

        Assert.Equal(126, exit.Code);
        Assert.Equal(["There is no folder '/nowhere' to run in."], lines);
    }

    [Fact]
    public async Task StartDetached_AdoptedByANewSandbox_IsTheSameProcess()
    {
        var log = Path.Combine(Path.GetTempPath(), $"{tag}.log");
        try
        {
            var started =
                await sandbox.StartDetachedAsync(Spec(tag), Command("echo hello $PORTAL_LOG; exec sleep 600"), log);
            var later = new ProcessSandbox(TimeProvider.System);

            Assert.Null(later.Adopt(started.Id, started.StartTime + 1, tag));
            Assert.Null(later.Adopt(started.Id, started.StartTime, "other"));
            var adopted = later.Adopt(started.Id, started.StartTime, tag);

            Assert.NotNull(adopted);
            while (new FileInfo(log).Length == 0) await Task.Delay(5, Cancellation);
            Assert.Equal("hello\n", await File.ReadAllTextAsync(log, Cancellation));
            await adopted.EndAsync();
            Assert.False(started.IsRunning);
        }
        finally
        {
            File.Delete(log);
        }
    }

    private async Task<ProcessExit> RunAsync(string script, TimeSpan? timeout = null) =>
        await (await OpenAsync()).RunAsync(Command(script), lines.Add, timeout, Cancellation);

    private async Task<Sandbox> OpenAsync() =>
        open is { IsAlive: true } ? open : open = await sandbox.OpenAsync(Spec(tag), Cancellation);

    private SandboxSpec Spec(string tag) => new(tag, folder, folder, [SandboxFolder.Own(folder)]);

    private SandboxCommand Command(string script) =>
        new(["bash", "--noprofile", "--norc", "-c", script], folder, new Dictionary<string, string>());
}
