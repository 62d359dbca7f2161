using System.Collections.Concurrent;
using System.Threading.Channels;

namespace Portal.Core.Providers.Checks;

/// <param name="Check">Null while it has never been checked here.</param>
public sealed record CheckedProvider(ProviderCheck? Check, DateTimeOffset? At);

/// <summary>
/// What this process found out about each instance, and who asks for another look. In memory: another process has its
/// own.
/// </summary>
public sealed class ProviderChecks
{
    private readonly ConcurrentDictionary<string, CheckedProvider> known = new(StringComparer.OrdinalIgnoreCase);
    private readonly Channel<string> asked =
        Channel.CreateBounded<string>(new BoundedChannelOptions(64) { FullMode = BoundedChannelFullMode.DropOldest });

    public CheckedProvider Of(string instance) => known.GetValueOrDefault(instance) ?? new CheckedProvider(null, null);

    public void Found(string instance, ProviderCheck check, DateTimeOffset at) =>
        known[instance] = new CheckedProvider(check, at);

    /// <summary>Has it checked soon; does not wait for it.</summary>
    public void Ask(string instance) => asked.Writer.TryWrite(instance);

    internal ChannelReader<string> Asked => asked.Reader;
}
