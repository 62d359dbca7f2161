using System.Text.Json.Nodes;

namespace Portal.Providers.Azure.Definitions;

/// <summary>What of a <c>score.yaml</c> a container in Azure follows.</summary>
/// <param name="Port">What the service listens at.</param>
internal sealed record ScoreContainer(
    string Name,
    IReadOnlyList<string> Command, IReadOnlyList<string> Args, IReadOnlyDictionary<string, string> Variables, int Port,
    ScoreCheck? Readiness, ScoreCheck? Liveness)
{
    public const int DefaultPort = 8080;

    /// <summary>Of a repository without a score.yaml: the image as it is.</summary>
    public static ScoreContainer Bare(string name) =>
        new(name, [], [], new Dictionary<string, string>(), DefaultPort, null, null);
}

/// <summary>An HTTP check.</summary>
internal sealed record ScoreCheck(
    string Path, int? Port, string Scheme, IReadOnlyList<(string Name, string Value)> Headers)
{
    /// <param name="type">Liveness or Readiness.</param>
    public JsonObject AsProbe(string type, int port)
    {
        var http = new JsonObject { ["path"] = Path, ["port"] = Port ?? port, ["scheme"] = Scheme };
        if (Headers.Count > 0)
        {
            http["httpHeaders"] = new JsonArray(
                [.. Headers.Select(h => new JsonObject { ["name"] = h.Name, ["value"] = h.Value })]);
        }
        return new JsonObject
        {
            ["type"] = type, ["httpGet"] = http, ["periodSeconds"] = 10, ["failureThreshold"] = 3,
            ["timeoutSeconds"] = 5,
        };
    }
}
