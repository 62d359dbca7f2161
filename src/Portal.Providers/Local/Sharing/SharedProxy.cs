using System.Reflection;

namespace Portal.Providers.Local.Sharing;

/// <summary>
/// A capability as every process that shares the folder has it: in the keeper the capability itself is called,
/// elsewhere each call is forwarded to the keeper. What is no call is answered here.
/// </summary>
internal class SharedProxy : DispatchProxy
{
    private object own = null!;
    private LocalKeeper keeper = null!;
    private KeeperCalls calls = null!;

    public static TCapability Make<TCapability>(
        TCapability own, LocalKeeper keeper, KeeperCalls calls) where TCapability : class
    {
        var made = Create<TCapability, SharedProxy>();
        var proxy = (SharedProxy)(object)made;
        (proxy.own, proxy.keeper, proxy.calls) = (own, keeper, calls);
        return made;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        keeper.IsKeeping || !SharedCall.Is(targetMethod!)
        ? SharedCall.Invoke(targetMethod!, own, args)
        : SharedCall.Of(targetMethod!).ForwardAsync(own, args ?? [], calls);
}
