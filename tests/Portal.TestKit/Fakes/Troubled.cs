using System.Reflection;
using Portal.Core.Providers;

namespace Portal.TestKit.Fakes;

/// <summary>What happens to who calls.</summary>
public enum Trouble
{
    None,
    /// <summary>Each call throws that it cannot be reached.</summary>
    Refuses,
    /// <summary>No call ends, and none listens to being cancelled.</summary>
    Hangs,
}

/// <summary>
/// A capability of a provider that can be made to refuse every call, or to answer none. What is no call goes on.
/// </summary>
public class Troubled : DispatchProxy
{
    public const string Words = "The provider cannot be reached.";

    private IProvider inner = null!;

    public Trouble Trouble { get; set; }

    public static (T Provider, Troubled Switch) Of<T>(T inner) where T : class, IProvider
    {
        var made = Create<T, Troubled>();
        var troubled = (Troubled)(object)made;
        troubled.inner = inner;
        return (made, troubled);
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        var returns = targetMethod!.ReturnType;
        if (Trouble == Trouble.None || !typeof(Task).IsAssignableFrom(returns)) return targetMethod.Invoke(inner, args);
        return returns == typeof(Task)
            ? Fail<bool>()
            : FailOf.MakeGenericMethod(returns.GetGenericArguments()[0]).Invoke(this, null);
    }

    private static readonly MethodInfo FailOf =
        typeof(Troubled).GetMethod(nameof(Fail), BindingFlags.Instance | BindingFlags.NonPublic)!;

    private Task<T> Fail<T>() => Trouble == Trouble.Hangs
        ? new TaskCompletionSource<T>().Task
        : Task.FromException<T>(ProviderException.Unavailable("provider-down", Words));
}
