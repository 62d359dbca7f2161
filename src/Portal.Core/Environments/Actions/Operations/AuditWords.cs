namespace Portal.Core.Environments.Actions.Operations;

/// <summary>What is put on record of a change to an environment.</summary>
/// <param name="Action">As audit events have it: <c>environment.stopped</c>.</param>
/// <param name="Summary">One plain sentence.</param>
public sealed record AuditWords(string Action, string Summary)
{
    public static AuditWords Of(PortalEnvironment row, string past, string? more = null) =>
        new($"environment.{past}", $"{char.ToUpperInvariant(past[0])}{past[1..]} environment {row.Title}{more}");
}
