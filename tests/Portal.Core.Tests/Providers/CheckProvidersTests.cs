using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Portal.Core.Providers;
using Portal.Core.Providers.Checks;
using Portal.TestKit;

namespace Portal.Core.Tests.Providers;

/// <summary>A check may hang, fail or be wrong: it is told in words, and nothing else suffers.</summary>
public sealed class CheckProvidersTests
{
    private readonly FakeTimeProvider time = new();
    private readonly ProviderChecks checks = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Start_OneHangsOneFailsOneIsFine_TellsEachAndTheSlowOneAfterItsTime()
    {
        var looks = 0;
        using var service = Service(
            new Checked("fine", _ => Task.FromResult(new ProviderCheck($"Signed in, look {++looks}", []))),
            new Checked("down", _ => throw ProviderException.Unavailable("down", "It does not answer.")),
            new Checked("broken", _ => throw new InvalidOperationException("secret")),
            new Checked("hangs", token => Task.Delay(Timeout.Infinite, token).ContinueWith(
                _ => new ProviderCheck("", []), TaskScheduler.Default)));
        await service.StartAsync(Cancellation);
        await FoundAsync("fine", c => c.IsUsable);
        await FoundAsync("down", c => c.Problems.SequenceEqual(["It does not answer."]));
        await FoundAsync(
            "broken", c => c.Problems is [var problem] && !problem.Contains("secret", StringComparison.Ordinal));
        Assert.Null(checks.Of("hangs").Check);

        time.Advance(CheckProviders.Patience);
        await FoundAsync(
            "hangs", c => c.Problems is [var problem] && problem.Contains("20 seconds", StringComparison.Ordinal));

        checks.Ask("fine");
        await FoundAsync("fine", c => c.Summary == "Signed in, look 2");
        await service.StopAsync(Cancellation);
    }

    private CheckProviders Service(params IProvider[] providers) =>
        new(
            new ProviderRegistry(providers, Options.Create(new ProviderDefaults())), checks, time,
            NullLogger<CheckProviders>.Instance);

    private Task FoundAsync(string instance, Func<ProviderCheck, bool> expected) =>
        Eventually.TrueAsync(
            () => Task.FromResult(checks.Of(instance).Check is { } check && expected(check)),
            $"the check of {instance}");

    private sealed class Checked(string instance, Func<CancellationToken, Task<ProviderCheck>> check) : IProviderCheck
    {
        public string Instance => instance;

        public string Type => "Fake";

        public Task<ProviderCheck> CheckAsync(CancellationToken cancellation) => check(cancellation);
    }
}
