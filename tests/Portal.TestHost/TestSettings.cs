using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Runs.Execution;
using Portal.TestKit.Fakes;
using Portal.TestKit.Outside.Adapter;

namespace Portal.TestHost;

/// <summary>
/// What this host has beyond the portal: section <c>Test</c>, from the command line or the environment.
/// </summary>
internal sealed class TestSettings
{
    /// <summary>Address of an outside world: the provider instance <c>outside</c> is there. Empty: it is not.</summary>
    public Uri? Outside { get; set; }

    /// <summary>
    /// <c>EFFECT/BOUNDARY</c>: the end of an effect's id, or a number N for the N-th time (from 1) that this process
    /// reaches the boundary; and a <see cref="JournalBoundary"/> or <c>*</c> for any. Empty: nothing happens.
    /// </summary>
    public string FailAt { get; set; } = "";

    /// <summary>What happens there, once per process.</summary>
    public FailWith FailWith { get; set; } = FailWith.Kill;

    /// <summary>
    /// A file that every reached boundary is appended to, one line each: boundary, space, effect. Empty: none.
    /// </summary>
    public string BoundaryLog { get; set; } = "";

    /// <summary>
    /// There is the action <c>test:free</c>, whose effect costs nothing: to measure what the portal itself needs.
    /// </summary>
    public bool FreeEffect { get; set; }

    public static TestSettings Read(string[] arguments)
    {
        var configuration = new ConfigurationBuilder().AddEnvironmentVariables()
            .AddCommandLine([.. arguments.Where(a => a.StartsWith("--Test:", StringComparison.OrdinalIgnoreCase))])
            .Build();
        return configuration.GetSection("Test").Get<TestSettings>() ?? new TestSettings();
    }

    public void Register(IServiceCollection services)
    {
        if (Outside is not null) services.AddOutsideProvider(Outside);
        if (FreeEffect) services.AddFreeEffect();
        if (FailAt.Length == 0 && BoundaryLog.Length == 0) return;
        services.AddSingleton<IJournalFailPoints>(
            new FailPoints(FailAt.Length == 0 ? null : FailPoint.Parse(FailAt), FailWith, BoundaryLog));
    }
}

internal enum FailWith
{
    /// <summary>SIGKILL to this process.</summary>
    Kill,

    /// <summary>SIGSTOP to this process; SIGCONT lets it go on.</summary>
    Stop,
}
