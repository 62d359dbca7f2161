using System.Net;
using System.Net.Sockets;
using Portal.Core.Providers;
using Portal.Providers.Local.Processes;
using Portal.Providers.Tests.Local.Pipelines;

namespace Portal.Providers.Tests.Local.Attacks;

/// <summary>
/// What whoever may push would try: each script looks for a way out of its job and says <c>OUT</c> when it has found
/// one. None may. Run as root and as a plain user.
/// </summary>
[Trait("Category", "Attack")]
public sealed class JobAttacks : IAsyncDisposable
{
    private const string Secret = "hunter2-of-the-portal";

    private readonly PipelineTestHost host = new();
    private readonly TcpListener portal = new(IPAddress.Loopback, 0);
    private readonly TcpListener everywhere = new(IPAddress.Any, 0);

    public JobAttacks()
    {
        Assert.True(
            new ProcessSandbox(TimeProvider.System).Isolation is { Works: true },
            "These tests need a machine that can make sandboxes.");
        portal.Start();
        everywhere.Start();
        // As a file that every user of the machine may read, and as a variable of the portal.
        File.WriteAllText(SecretFile, Secret);
        Environment.SetEnvironmentVariable("ConnectionStrings__Attacked", $"Password={Secret}");
    }

    private string SecretFile => Path.Combine(host.Shared, "..", "secret");

    public async ValueTask DisposeAsync()
    {
        Environment.SetEnvironmentVariable("ConnectionStrings__Attacked", null);
        await host.DisposeAsync();
        portal.Dispose();
        everywhere.Dispose();
    }

    [Theory]
    // Files of the machine.
    [InlineData("cat {secret} && echo OUT")]
    [InlineData("test -e {data} && ls {data} | grep -v -e pipelines -e shared && echo OUT")]
    [InlineData("cat /etc/shadow && echo OUT")]
    [InlineData("ls /root /home /srv /opt /var/lib /var/log 2>/dev/null | grep . && echo OUT")]
    [InlineData("ls /proc/1/root/{data}/secret && echo OUT")]
    [InlineData("cat /proc/{portal}/environ | tr '\\0' '\\n' | grep Attacked && echo OUT")]
    [InlineData(
        "grep -a -l hunter[2] /proc/[0-9]*/environ /proc/[0-9]*/cmdline 2>/dev/null | grep -v /self/ && echo OUT")]
    [InlineData("find / -xdev -name secret 2>/dev/null | grep . && echo OUT")]
    [InlineData(
        "for f in /proc/[0-9]*/fd/* /proc/[0-9]*/cwd /proc/[0-9]*/root; do readlink $f; done 2>/dev/null | grep -E '{data}/?(secret|repositories|$)' && echo OUT")]
    [InlineData("ls -d {work}/* | grep -v $(basename $(dirname $(dirname $(dirname $GITHUB_WORKSPACE)))) && echo OUT")]
    [InlineData("for f in /usr/x /etc/x /x /lib/x /run/x; do touch $f 2>/dev/null && echo OUT; done")]
    [InlineData("echo x >> $GITHUB_EVENT_PATH && echo OUT")]
    [InlineData("mv ${GITHUB_WORKSPACE%/*/*}/commands ${GITHUB_WORKSPACE%/*/*}/other && echo OUT")]
    [InlineData("ln -s /etc/shadow x; cat x && echo OUT")]
    [InlineData("ln {secret} x && echo OUT")]
    // Rights.
    [InlineData("test $(id -u) = 0 && echo OUT")]
    [InlineData("su -c id root </dev/null && echo OUT; sudo -n id && echo OUT")]
    [InlineData("cp /usr/bin/id x; chown root x 2>/dev/null && chmod u+s x && echo OUT")]
    [InlineData("grep -E '^Cap(Prm|Eff|Inh|Amb):' /proc/self/status | grep -v 0000000000000000 && echo OUT")]
    [InlineData("grep '^NoNewPrivs:.0' /proc/self/status && echo OUT")]
    [InlineData("unshare -Urm sh -c 'mount -o remount,rw,bind /usr && touch /usr/x' && echo OUT")]
    [InlineData("unshare -Urm sh -c 'umount -l {root} && ls {data}' && echo OUT")]
    [InlineData("unshare -Ur mknod disk b 254 0 && echo OUT")]
    [InlineData("unshare -Urn sh -c 'exec 3<>/dev/tcp/127.0.0.1/{port}' && echo OUT")]
    [InlineData(
        "test -e /dev/tty && echo OUT; test -e /dev/vda && echo OUT; test -e /dev/mem && echo OUT; test -e /dev/kmsg && echo OUT")]
    [InlineData("echo 1 > /proc/sys/kernel/panic_on_oops && echo OUT; echo b > /proc/sysrq-trigger && echo OUT")]
    [InlineData("nsenter -t 1 -m ls {data}/secret && echo OUT")]
    // Processes.
    [InlineData("kill -0 {portal} && echo OUT")]
    [InlineData("ls -d /proc/[0-9]* | wc -l | xargs -I n test n -gt 30 && echo OUT")]
    [InlineData("ps -e -o args | grep -v grep | grep -e dotnet -e postgres && echo OUT")]
    [InlineData("renice -n -10 $$ && echo OUT")]
    [InlineData("echo -500 > /proc/self/oom_score_adj && echo OUT")]
    // Network.
    [InlineData("exec 3<>/dev/tcp/127.0.0.1/{port} && echo OUT")]
    [InlineData("exec 3<>/dev/tcp/localhost/{everywhere} && echo OUT")]
    [InlineData("for a in {addresses}; do (exec 3<>/dev/tcp/$a/{everywhere}) && echo OUT; done")]
    [InlineData("timeout 2 bash -c 'exec 3<>/dev/tcp/169.254.169.254/80' && echo OUT")]
    [InlineData(
        "ls /sys/class/net 2>/dev/null | grep -v '^lo$' && echo OUT; grep -v -e 'lo:' -e face -e Receive /proc/net/dev && echo OUT")]
    [InlineData("find / -xdev -type s 2>/dev/null | grep . && echo OUT")]
    [InlineData("grep @ /proc/net/unix && echo OUT")]
    public async Task Script_LooksForAWayOut_FindsNone(string script)
    {
        var log = await RunAsync(
            $"on: workflow_dispatch\njobs:\n  build:\n    runs-on: ubuntu-latest\n    steps:\n      - run: |\n          set +e\n          {Fill(script)}\n          true\n");

        Assert.DoesNotContain(log, l => l == "OUT"
            || l.Contains(Secret, StringComparison.Ordinal) && !l.Contains("grep", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("GITHUB_PATH")]
    [InlineData("GITHUB_ENV PATH")]
    [InlineData("GITHUB_ENV LD_PRELOAD")]
    [InlineData("GITHUB_ENV LD_LIBRARY_PATH")]
    [InlineData("GITHUB_ENV LD_AUDIT")]
    [InlineData("GITHUB_ENV BASH_ENV")]
    [InlineData("GITHUB_ENV ENV")]
    [InlineData("GITHUB_ENV GCONV_PATH")]
    [InlineData("GITHUB_ENV GLIBC_TUNABLES")]
    [InlineData("GITHUB_ENV PORTAL_V0")]
    [InlineData("GITHUB_ENV PORTAL_RUN_ID")]
    [InlineData("GITHUB_ENV IFS")]
    public async Task Step_SetsWhatTheNextOneStartsWith_NothingRunsOutsideItsSandbox(string way)
    {
        // Programs of the names that a launch goes through, each of which says who ran it and what it sees.
        var (file, name) = way.Split(' ') is [var f, var n] ? (f, n) : (way, null);
        var log = await RunAsync($$"""
            on: workflow_dispatch
            jobs:
              build:
                runs-on: ubuntu-latest
                steps:
                  - run: |
                      mkdir -p evil
                      cat > evil/sh <<'END'
                      #!/usr/bin/bash -p
                      unset BASH_ENV
                      echo "ran as $(/usr/bin/id -u)"
                      /usr/bin/cat {{SecretFile}} /etc/shadow
                      exec /usr/bin/bash "$@"
                      END
                      /usr/bin/chmod +x evil/sh
                      for tool in setsid setpriv nice env nsenter bwrap prlimit dash bash cat sleep; do /usr/bin/cp evil/sh evil/$tool; done
                      echo "{{(name is null ? "$PWD/evil" : $"{name}=$PWD/evil{(name is "PATH" ? ":$PATH" : name is "LD_LIBRARY_PATH" or "GCONV_PATH" ? "" : "/sh")}")}}" >> "${{file}}"
                  - shell: /usr/bin/bash {0}
                    continue-on-error: true
                    run: /usr/bin/id -u
                  - uses: actions/checkout@v4
                    continue-on-error: true
            """);

        Assert.DoesNotContain(log, l => l == "ran as 0" || l.Contains(Secret, StringComparison.Ordinal)
            || l.StartsWith("root:", StringComparison.Ordinal));
        var user = JobUser.Get().Uid ?? Native.CurrentUser();
        Assert.All(
            log.Where(l => l.StartsWith("ran as ", StringComparison.Ordinal)), l => Assert.Equal($"ran as {user}", l));
    }

    [Theory]
    [InlineData("LD_PRELOAD: /tmp/evil.so")]
    [InlineData("PATH: '${{ github.workspace }}'")]
    [InlineData("'A=B': c")]
    [InlineData("'-S': x")]
    [InlineData("PORTAL_V1: 'PATH=/tmp'")]
    [InlineData("\"A\\nB\": c")]
    public async Task Workflow_SetsVariables_RunsAsTheUserOfJobs(string env)
    {
        var log = await RunAsync(
            $"on: workflow_dispatch\nenv: {{ {env} }}\njobs: {{ build: {{ runs-on: ubuntu-latest, steps: [{{ shell: '/usr/bin/bash {{0}}', run: /usr/bin/id -u }}] }} }}\n");

        Assert.Contains(
            (JobUser.Get().Uid ?? Native.CurrentUser()).ToString(System.Globalization.CultureInfo.InvariantCulture),
            log);
    }

    [Theory]
    [InlineData("/root")]
    [InlineData("{data}")]
    [InlineData("../../../../../../..{data}")]
    [InlineData("link")]
    public async Task WorkingDirectory_OutsideTheSandbox_IsNotEntered(string folder)
    {
        var log = await RunAsync($$"""
            on: workflow_dispatch
            jobs:
              build:
                runs-on: ubuntu-latest
                steps:
                  - run: ln -s {{host.Shared}}/.. link
                  - run: ls
                    working-directory: {{Fill(folder)}}
                    continue-on-error: true
            """);

        Assert.DoesNotContain(log, l => l is "secret" or "repositories" or "clone");
    }

    private string Fill(string script)
    {
        var data = Path.GetFullPath(Path.Combine(host.Shared, ".."));
        var addresses = Dns.GetHostAddresses(Dns.GetHostName())
            .Where(a => a.AddressFamily == AddressFamily.InterNetwork).Append(IPAddress.Parse("127.0.0.2"));
        return script.Replace("{secret}", SecretFile, StringComparison.Ordinal)
            .Replace("{data}", data, StringComparison.Ordinal)
            .Replace("{portal}", $"{Environment.ProcessId}", StringComparison.Ordinal)
            .Replace("{work}", Path.GetDirectoryName(host.RunFolders.Work("x")), StringComparison.Ordinal)
            .Replace("{root}", "/", StringComparison.Ordinal)
            .Replace("{port}", $"{((IPEndPoint)portal.LocalEndpoint).Port}", StringComparison.Ordinal)
            .Replace("{everywhere}", $"{((IPEndPoint)everywhere.LocalEndpoint).Port}", StringComparison.Ordinal)
            .Replace("{addresses}", string.Join(' ', addresses), StringComparison.Ordinal);
    }

    private async Task<IReadOnlyList<string>> RunAsync(string workflow)
    {
        var run = await host.RunAsync(workflow);
        var log = await host.LogAsync(run.Id);
        Assert.True(run.Status == PipelineStatus.Passed, $"{run.Failure}\n{string.Join('\n', log)}");
        Assert.False(portal.Pending() || everywhere.Pending(), "The job reached a port of the machine.");
        // What is shown of the script itself is no finding.
        var shown = 0;
        return [.. log.Where(l => { if (l.StartsWith("##[group]", StringComparison.Ordinal)) shown = 1; var inside = shown == 1; if (l == "##[endgroup]") shown = 0; return !inside; })];
    }
}
