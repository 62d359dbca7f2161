using System.Diagnostics.CodeAnalysis;

namespace Portal.Core.Shared;

/// <summary>A value, or the <see cref="Shared.Error"/> that was expected to be possible. Exceptions are bugs.</summary>
public readonly record struct Result<T>
{
    private readonly T? value;

    private Result(T? value, Error? error) => (this.value, Error) = (value, error);

    public Error? Error { get; }

    [MemberNotNullWhen(false, nameof(Error))]
    public bool IsOk => Error is null;

    /// <summary>The value; asking a failed result for it is a bug and throws.</summary>
    public T Value => Error is null ? value! : throw new InvalidOperationException($"Failed result: {Error.Message}");

    public bool TryGet([MaybeNullWhen(false)] out T result, [NotNullWhen(false)] out Error? error)
    {
        (result, error) = (value, Error);
        return Error is null;
    }

    /// <summary>For interfaces, from which C# has no implicit conversions.</summary>
    public static Result<T> Ok(T value) => new(value, null);

    public static implicit operator Result<T>(T value) => new(value, null);
    public static implicit operator Result<T>(Error error) => new(default, error);
}

/// <summary>The value of a result that has nothing to say but that it worked.</summary>
public readonly record struct Done
{
    public static readonly Done Instance;
}
