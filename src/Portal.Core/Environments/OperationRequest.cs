using System.Text.Json.Nodes;
using System.Xml;
using Portal.Core.Environments.Actions.Operations;
using Portal.Core.Providers;

namespace Portal.Core.Environments;

/// <summary>What somebody wants done to an environment that exists.</summary>
public sealed class OperationRequest
{
    private OperationRequest(OperationName words, JsonObject input, Func<PortalEnvironment, bool> allows) =>
        (Words, Input, Allows) = (words, input, allows);

    public static OperationRequest Stop { get; } = new(StopOperation.Words, [], e => e.Runs);

    public static OperationRequest Start { get; } =
        new(StartOperation.Words, [], e => e.Status is EnvironmentStatus.Stopped or EnvironmentStatus.Failed);

    /// <summary>Gives an adopted one back as it was: the portal's marks go, everything else goes on.</summary>
    public static OperationRequest Release { get; } = new(ReleaseOperation.Words, [], _ => true);

    internal OperationName Words { get; }

    /// <summary>Of its action, beside the environment.</summary>
    internal JsonObject Input { get; }

    /// <summary>Whether it can be done in the state that the environment is in.</summary>
    internal Func<PortalEnvironment, bool> Allows { get; }

    /// <summary>
    /// Moves the end to so long from when it is done; null = no end. Refused where that would be sooner.
    /// </summary>
    /// <param name="sooner">Meant so: also to an end that is sooner than what it has, or where it has none.</param>
    public static OperationRequest Extend(TimeSpan? lifetime, bool sooner = false)
    {
        var input = new JsonObject();
        if (lifetime is { } asked) input["lifetime"] = XmlConvert.ToString(asked);
        if (sooner) input[ExtendOperation.Sooner] = true;
        return new OperationRequest(ExtendOperation.Words, input, _ => true);
    }

    /// <param name="adoptedToo">Meant for what the portal did not make, which is otherwise refused.</param>
    public static OperationRequest Destroy(bool adoptedToo = false) => new(
        DestroyOperation.Words, adoptedToo ? new JsonObject { ["adopted"] = true } : [], _ => true);
}
