using System.Net;
using Portal.Core.Providers;
using Portal.Providers.Local.Processes;

namespace Portal.Providers.Tests.Local.Pipelines;

/// <summary>
/// What the setting of a network for jobs does before there is one; what it lets through is tried by the attacks.
/// </summary>
public sealed class NetworkSettingTests
{
    private const string Workflow =
        "on: workflow_dispatch\njobs: { build: { runs-on: ubuntu-latest, steps: [{ run: cat /proc/net/dev }] } }\n";

    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Job_OnAMachineThatCannotGiveItTheNetwork_FailsAndSaysWhatToInstall()
    {
        var sandbox = new ProcessSandbox(
            TimeProvider.System) { NetworkMissing = "slirp4netns is not installed: apt-get install slirp4netns" };
        await using var host = new PipelineTestHost(network: new DeniedNetworks([], [], () => ""), sandbox: sandbox);

        var run = await host.RunAsync(Workflow);

        Assert.Equal(PipelineStatus.Failed, run.Status);
        Assert.Contains(
            "this machine cannot give it to them: slirp4netns is not installed: apt-get install slirp4netns.",
            run.Failure, StringComparison.Ordinal);
        Assert.Contains(
            "Its jobs fail, because they are to have the network outside: slirp4netns is not installed: apt-get install slirp4netns.",
            host.Host.RunsAs, StringComparison.Ordinal);
        Assert.DoesNotContain(await host.LogAsync(run.Id), l => l.Contains("lo:", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Job_WhenTheDatabaseCannotBeFound_FailsAndNamesItsHost()
    {
        await using var host = new PipelineTestHost(
            network: new DeniedNetworks([], ["Host=database.invalid:5433;Database=portal"], () => ""));

        var run = await host.RunAsync(Workflow);

        Assert.Equal(PipelineStatus.Failed, run.Status);
        Assert.Contains(
            "The address of the database's host database.invalid is not known at the moment", run.Failure,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Denied_OfASetting_AreTheMachineTheDatabaseThePortalAndWhatIsNamed()
    {
        var denied = new DeniedNetworks(
            [IPNetwork.Parse("198.51.100.0/24"), IPNetwork.Parse("fd00::/8")],
            ["Host=192.0.2.10,192.0.2.11:5433, /run/postgresql", "Server=192.0.2.12", null, ""],
            () => "https://192.0.2.20:8443/portal");

        var found = await denied.FindAsync(Cancellation);

        foreach (var one in (string[])
        [
            "127.0.0.0/8", "169.254.0.0/16", "198.51.100.0/24", "192.0.2.10/32", "192.0.2.11/32", "192.0.2.12/32",
            "192.0.2.20/32", "127.0.0.1/32"
        ])
        {
            Assert.Contains(IPNetwork.Parse(one), found);
        }
        Assert.DoesNotContain(found, n => n.BaseAddress.AddressFamily != System.Net.Sockets.AddressFamily.InterNetwork);
        Assert.Equal(found.Distinct(), found);
    }
}
