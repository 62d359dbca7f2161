using System.Text.Json.Nodes;
using Portal.Core.Data.Clocks;
using Portal.Core.Providers;
using Portal.Core.Runs.Actions;
using Portal.Core.Shared;

namespace Portal.Core.Environments.Actions.Operations;

/// <summary>
/// What ends an environment because its time is over asks again when it is done: the end may have been moved since it
/// was proposed, or the clocks may have gone wrong.
/// </summary>
internal static class EndOfTime
{
    public const string Flag = "expired";

    /// <param name="more">Further properties of the schema, as JSON.</param>
    public static JsonObject With(string more)
    {
        var input = ActionSchema.Parse(more);
        input[Flag] = ActionSchema.Parse("""
            { "type": "boolean", "title": "Only at its end", "default": false,
              "description": "Only when its end has come." }
            """);
        return input;
    }

    public static async Task<Error?> WhyNotAsync(
        PortalEnvironment environment, JsonObject input, DestructionGuard guard, CancellationToken cancellation)
    {
        if (!input.Flag(Flag) || environment.Status == EnvironmentStatus.Destroyed) return null;
        if (await guard.NowAsync(cancellation) is not { } now) return EnvironmentErrors.WrongClock(environment);
        return environment.ExpiresAt <= now ? null : EnvironmentErrors.NotEnded(environment);
    }
}
