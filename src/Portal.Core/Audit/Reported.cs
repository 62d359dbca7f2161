using Portal.Core.Shared;

namespace Portal.Core.Audit;

/// <summary>What the records of events at a provider have in common.</summary>
internal static class Reported
{
    /// <summary>
    /// Who did it, as the provider names them; the portal itself where it does not say, or says what is no person.
    /// </summary>
    public static Actor Who(string? by) =>
        EntityRef.TryParse(by, "user", out var who) && Actor.CanBe(who.Value)
            ? new Actor(who.Value, who.Value.Name, []) : Actor.System;

    public static string Short(string commit) => commit[..Math.Min(7, commit.Length)];
}
