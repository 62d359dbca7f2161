namespace Portal.Providers.Local.Sharing;

/// <param name="Interface">Whose methods other processes may call.</param>
/// <param name="Own">Who performs them in the keeper.</param>
internal sealed record SharedCapability(Type Interface, object Own);

/// <summary>All that can be called over the socket, by name; nothing else can.</summary>
internal sealed class SharedCapabilities(IEnumerable<SharedCapability> capabilities)
{
    private readonly Dictionary<string, (SharedCall Call, object Own)> calls = (
        from capability in capabilities
        from method in capability.Interface.GetMethods()
        where SharedCall.Is(method)
        select (Call: SharedCall.Of(method), capability.Own)).ToDictionary(
            c => c.Call.Name, StringComparer.Ordinal);

    public (SharedCall Call, object Own)? Find(string name) => calls.TryGetValue(name, out var found) ? found : null;
}
