using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Json;
using Portal.Core.Shared;

namespace Portal.Providers.Local.Sharing;

/// <param name="Call">Interface and method.</param>
/// <param name="Arguments">In their order; of a cancellation token null.</param>
internal sealed record SharedRequest(string Call, IReadOnlyList<JsonElement> Arguments);

/// <summary>
/// One method of a shared interface, on both sides of the socket: its arguments and its result are JSON.
/// </summary>
internal abstract class SharedCall(MethodInfo method)
{
    private static readonly ConcurrentDictionary<MethodInfo, SharedCall> Known = new();

    private readonly ParameterInfo[] parameters = method.GetParameters();

    public string Name { get; } = NameOf(method);

    /// <summary>
    /// Whether the method does something; what it merely says (names, sizes) is the same in every process.
    /// </summary>
    public static bool Is(MethodInfo method) => typeof(Task).IsAssignableFrom(method.ReturnType);

    public static SharedCall Of(MethodInfo method) =>
        Known.GetOrAdd(method, static m => (SharedCall)Activator.CreateInstance(
            typeof(SharedCall<>).MakeGenericType(
                m.ReturnType.IsGenericType ? m.ReturnType.GetGenericArguments()[0] : typeof(object)), m)!);

    /// <summary>Calls it right here; what it throws comes as it is.</summary>
    public static object? Invoke(MethodInfo method, object target, object?[]? arguments) =>
        method.Invoke(target, BindingFlags.DoNotWrapExceptions, binder: null, arguments, culture: null);

    /// <summary>The forwarder's side: the same task that the method would have returned.</summary>
    public abstract Task ForwardAsync(object target, object?[] arguments, KeeperCalls calls);

    /// <summary>The keeper's side.</summary>
    /// <returns>The result as JSON.</returns>
    public abstract Task<byte[]> PerformAsync(object target, SharedRequest request, CancellationToken cancellation);

    protected object? Here(object target, object?[] arguments) => Invoke(method, target, arguments);

    protected byte[] Write(object?[] arguments) => JsonSerializer.SerializeToUtf8Bytes(
        new SharedRequest(Name, [.. parameters.Zip(arguments, (parameter, argument) =>
            JsonSerializer.SerializeToElement(
                IsCancellation(parameter) ? null : argument,
                IsCancellation(parameter) ? typeof(object) : parameter.ParameterType, Json.Options))]), Json.Options);

    protected object?[] Read(SharedRequest request, CancellationToken cancellation) =>
        [.. parameters.Zip(request.Arguments, (parameter, argument) => IsCancellation(parameter)
            ? cancellation
            : argument.Deserialize(parameter.ParameterType, Json.Options))];

    protected static CancellationToken Cancellation(object?[] arguments) =>
        arguments.OfType<CancellationToken>().FirstOrDefault();

    private static bool IsCancellation(ParameterInfo parameter) => parameter.ParameterType == typeof(CancellationToken);

    private static string NameOf(MethodInfo method) =>
        $"{method.DeclaringType!.Name}.{method.Name}({string.Join(",", method.GetParameters().Select(p => p.ParameterType.Name))})";
}

/// <typeparam name="T">What its task holds; of a task without a result it is object, and null.</typeparam>
internal sealed class SharedCall<T>(MethodInfo method) : SharedCall(method)
{
    public override Task ForwardAsync(object target, object?[] arguments, KeeperCalls calls) =>
        AskAsync(target, arguments, calls);

    public override async Task<byte[]> PerformAsync(
        object target, SharedRequest request, CancellationToken cancellation) =>
        JsonSerializer.SerializeToUtf8Bytes(await ResultAsync(Here(target, Read(request, cancellation))), Json.Options);

    private async Task<T?> AskAsync(object target, object?[] arguments, KeeperCalls calls)
    {
        var answer = await calls.AskAsync(() => Write(arguments), Cancellation(arguments));
        // No answer: this process has become the keeper before anything was sent.
        return answer is { } json
            ? JsonSerializer.Deserialize<T>(json.Span, Json.Options) : await ResultAsync(Here(target, arguments));
    }

    private static async Task<T?> ResultAsync(object? task)
    {
        if (task is Task<T?> result) return await result;
        await (Task)task!;
        return default;
    }
}
