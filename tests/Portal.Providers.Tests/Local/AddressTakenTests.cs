using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.Providers.Local;
using Portal.Providers.Local.Environments;
using Portal.Providers.Local.Processes;

namespace Portal.Providers.Tests.Local;

/// <summary>
/// Another program takes an environment's port between the look whether it is free and the first use.
/// </summary>
public sealed class AddressTakenTests : IAsyncDisposable
{
    private readonly string data = Directory.CreateTempSubdirectory("portal-address-").FullName;
    private readonly EnvironmentTools tools;
    private readonly TcpListener other;
    private readonly SupervisedEnvironment environment;

    public AddressTakenTests()
    {
        File.SetUnixFileMode(data, (UnixFileMode)0b111_101_101);
        var (sandbox, ports) = (new ProcessSandbox(TimeProvider.System) { Grace = TimeSpan.Zero }, new Ports());
        tools = new EnvironmentTools(
            new EnvironmentProcess(sandbox, new LocalFolders(data), ports), new HealthCheck(), ports,
            new RecordedEvents(), TimeProvider.System, TimeSpan.FromSeconds(1), NullLogger.Instance);
        var state = new EnvironmentState
        {
            Id = "taken", Name = "dev", Type = "dev", Repository = new RepositoryName("shop", "taken"), Size = "small",
            Mark = "m", Labels = new Dictionary<string, string>(),
            Port = ports.Take(), CreatedAt = TimeProvider.System.GetUtcNow(),
        };
        other = new TcpListener(IPAddress.Parse(state.Host), state.Port);
        other.Start();
        environment = New(state);
        environment.Folder.Make(sandbox.User);
    }

    public async ValueTask DisposeAsync()
    {
        await environment.CloseGateAsync();
        other.Dispose();
        tools.Health.Dispose();
        Directory.Delete(data, recursive: true);
    }

    [Fact]
    public async Task OpenGate_OfAnEnvironmentThatIsBeingMade_ChoosesAnotherAddress()
    {
        var taken = environment.State.Port;

        await environment.OpenGateAsync();

        Assert.NotEqual(taken, environment.State.Port);
        Assert.True(environment.AddressRelay!.IsRunning);
        Assert.True(ProcessTable.ListensItself(environment.AddressRelay.Id, environment.State.Port));
        Assert.Equal(environment.State.Port, environment.Folder.ReadState()!.Port);
    }

    [Fact]
    public async Task OpenGate_OfAnEnvironmentWhoseAddressIsKnown_SaysThatItIsTaken()
    {
        var known = New(environment.State with { Status = EnvironmentStatus.Running });

        var refused = await Assert.ThrowsAsync<ProviderException>(known.OpenGateAsync);

        Assert.Equal("port-taken", refused.Error.Code);
        Assert.Equal(environment.State.Port, known.State.Port);
    }

    private SupervisedEnvironment New(EnvironmentState state) =>
        new(
            tools, new EnvironmentFolder(Path.Combine(data, "environments", "taken")),
            new EnvironmentSize("small", 0.25m, 256, new Money(0, "EUR"), "test"), state);
}
