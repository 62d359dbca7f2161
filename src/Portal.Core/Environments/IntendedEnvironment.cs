using System.Text.Json.Nodes;
using Portal.Core.Environments.Actions.Operations;
using Portal.Core.Providers;
using Portal.Core.Shared;

namespace Portal.Core.Environments;

/// <summary>An environment as somebody wants it: all that a rule can go by.</summary>
/// <param name="Operation">In words; which of those that <paramref name="Change"/> holds together.</param>
public sealed record IntendedEnvironment(
    EnvironmentChange Change, OperationName Operation, EntityRef Component, string Name, string Type)
{
    /// <summary>Whose it is or becomes; null while nobody can know: in the plan of a template's step.</summary>
    public EntityRef? Owner { get; init; }

    public string? Reason { get; init; }

    /// <summary>From the change on; null = no end. Told where it is made or its end is moved.</summary>
    public TimeSpan? Lifetime { get; init; }

    /// <summary>The host's id of what was there before the portal.</summary>
    public string? AdoptedFrom { get; init; }

    /// <summary>What its host offers, of which it is to be one; null where that was held against it before.</summary>
    public IReadOnlyList<EnvironmentDefinition>? Offered { get; init; }

    /// <summary>Null = the first that is offered.</summary>
    public string? Definition { get; init; }

    /// <summary>Null = the definition's smallest.</summary>
    public string? Size { get; init; }

    public JsonObject? Parameters { get; init; }

    /// <summary>It is one of the sample organisation's.</summary>
    public bool IsSample { get; init; }

    /// <summary>"dev of orders".</summary>
    public string Title => $"{Name} of {Component.Name}";

    internal EnvironmentDefinition? OfferedDefinition =>
        Offered is null ? null : EnvironmentDefinitions.Find(Offered, Definition);

    /// <summary>One that is about to be made or adopted.</summary>
    internal static IntendedEnvironment Of(NewEnvironment made)
    {
        var (change, words) = made.AdoptedFrom is null
            ? (EnvironmentChange.Created, OperationName.Create)
            : (EnvironmentChange.Adopted, OperationName.Adopt);
        return new IntendedEnvironment(change, words, made.Component, made.Name, made.Type)
        {
            Owner = made.Owner, Reason = made.Reason, Lifetime = made.Lifetime, AdoptedFrom = made.AdoptedFrom,
            Definition = made.Definition, Size = made.Size.Name,
        };
    }

    /// <summary>One that is there.</summary>
    internal static IntendedEnvironment Of(PortalEnvironment row, EnvironmentOperation operation, OperationArgs args) =>
        new(operation.Change, operation.Name, EntityRef.Parse(row.Component), row.Name, row.Type)
        {
            Owner = EntityRef.Owner(row.Owner), Reason = row.Reason, Lifetime = args.Lifetime,
            AdoptedFrom = row.AdoptedFrom, Definition = row.Definition, Size = row.Size, IsSample = row.IsSample,
        };
}
