using Portal.Core.Shared;

namespace Portal.Core.Runs;

/// <summary>Names that an effect takes for what it makes, and who can tell whether they are free.</summary>
/// <param name="Name">For people, where it cannot be told: <c>orders/shop</c>.</param>
/// <param name="Keeper">Instance of the provider that is asked; <see cref="Portal"/> for the portal's own.</param>
/// <param name="LookAsync">Touches nothing.</param>
public sealed record NameClaim(string Name, string Keeper, Func<CancellationToken, Task<NameLook>> LookAsync)
{
    public const string Portal = "portal";
}

/// <param name="New">
/// What would be there that is not yet, each written the same by whoever claims it, in lower case:
/// <c>repository local orders/shop</c>.
/// </param>
/// <param name="Taken">The first that is not free; null when all are.</param>
public sealed record NameLook(IReadOnlyList<string> New, TakenName? Taken = null)
{
    public static NameLook None { get; } = new([]);

    /// <param name="parts">As at <see cref="TakenName"/>.</param>
    public static NameLook Of(string claimed, Error? taken, params string[] parts) =>
        taken is null ? new NameLook([claimed.ToLowerInvariant()]) : new NameLook([], new TakenName(parts, taken));
}

/// <param name="Parts">
/// What was chosen for it, the likeliest first: another of one of them gives another name. Of an environment that is
/// its own name, and its component's.
/// </param>
public sealed record TakenName(IReadOnlyList<string> Parts, Error Error);
