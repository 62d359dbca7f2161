using Portal.Core.Access;

namespace Portal.Core.Environments.Actions.Operations;

/// <summary>What an operation is called in plans, actions, journals and records, and who may do it.</summary>
/// <param name="Verb">"Stop".</param>
/// <param name="Past">"stopped".</param>
/// <param name="Right">What its person needs, of the environment's owner.</param>
public sealed record OperationName(string Verb, string Past, string Right = Permissions.EnvironmentChange)
{
    public static readonly OperationName Create = new("Create", "created");

    public static readonly OperationName Adopt = new("Adopt", "adopted");

    /// <summary><c>environment:stop</c>.</summary>
    public string Action => $"environment:{Word}";

    /// <summary><c>environment.stop</c>.</summary>
    public string Kind => $"environment.{Word}";

    /// <summary><c>stop</c>.</summary>
    public string Word => Verb.ToLowerInvariant();
}
