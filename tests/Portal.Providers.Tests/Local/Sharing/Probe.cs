using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.Providers.Local.Sharing;

namespace Portal.Providers.Tests.Local.Sharing;

/// <summary>A shared capability that does what a test asks for.</summary>
internal interface IProbe
{
    string Where { get; }

    Task<IReadOnlyList<RepositoryName>> EchoAsync(RepositoryName name, string? text, CancellationToken cancellation);

    Task FailAsync(bool expected, CancellationToken cancellation);

    Task<string> WaitAsync(CancellationToken cancellation);
}

internal sealed class Probe(string where) : IProbe
{
    private readonly TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Where => where;

    public Task Begun => begun.Task;

    public Task Cancelled => cancelled.Task;

    public static Action<IServiceCollection> Register(Probe probe, TimeSpan? patience = null) => services =>
    {
        services.AddSingleton(probe).AddShared<IProbe, Probe>();
        services.AddSingleton(provider => new KeeperCalls(
            provider.GetRequiredService<LocalKeeper>(), provider.GetRequiredService<KeeperSocket>())
        {
            Patience = patience ?? KeeperCalls.DefaultPatience,
        });
    };

    public Task<IReadOnlyList<RepositoryName>> EchoAsync(
        RepositoryName name, string? text, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<RepositoryName>>([name, new RepositoryName(where, text ?? "nothing")]);

    public async Task FailAsync(bool expected, CancellationToken cancellation)
    {
        await Task.Yield();
        if (!expected) throw new FormatException("nobody expected this");
        throw new ProviderException(
            Error.Conflict("taken", "It is taken.") with { Fields = [new FieldError("/name", "is taken")] })
        {
            IsTransient = true, MayHaveHappened = true,
        };
    }

    public async Task<string> WaitAsync(CancellationToken cancellation)
    {
        begun.TrySetResult();
        try
        {
            await Task.Delay(Timeout.Infinite, cancellation);
            return "never";
        }
        finally
        {
            cancelled.TrySetResult();
        }
    }
}
