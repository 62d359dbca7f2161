using System.Text.Json.Nodes;
using Portal.Core.Providers;
using Portal.Providers.Score;

namespace Portal.Providers.Azure.Definitions;

/// <summary>What of a <c>score.yaml</c> a container in Azure follows.</summary>
internal static class ScoreFile
{
    /// <exception cref="ProviderException">Invalid, code <c>score-invalid</c>.</exception>
    public static ScoreContainer Read(string text, EnvironmentSize size)
    {
        var score = ScoreDocument.Read(text);
        if (score.Containers.Count > 1)
        {
            throw score.Wrong(
                $"/containers/{score.Containers.ElementAt(1).Key}",
                "more than one container: this environment runs one; put the others into workloads of their own.");
        }
        var (_, at, container) = score.First("cannot be had here: put the files into the image.");
        score.CheckMemory(container, at, size);
        if (score.Cores(container, at, "requests") is { } cores && cores > size.Cpu)
        {
            throw score.Wrong(
                $"{at}/resources/requests/cpu",
                FormattableString.Invariant(
                    $"the service asks for {cores:0.###} cores and size {size.Name} has {size.Cpu:0.###}: ")
                + "choose a larger size or ask for less.");
        }
        var (readiness, liveness) = (
            Check(score, container, "readinessProbe", at), Check(score, container, "livenessProbe", at));
        return new ScoreContainer(
            score.Name, score.List(container["command"], $"{at}/command"), score.List(
                container["args"], $"{at}/args"), score.Variables(container, at, _ => Unbound),
            Port(score) ?? readiness?.Port ?? liveness?.Port ?? ScoreContainer.DefaultPort, readiness, liveness);
    }

    private const string Unbound =
        ": this provider binds no Score resources. Read what the environment definition sets itself (its README, e.g. "
            + "PGHOST), or give the variable a value.";

    private static int? Port(ScoreDocument score)
    {
        if ((score.Root["service"] as JsonObject)?["ports"] is not JsonObject { Count: > 0 } ports) return null;
        if (ports.Count > 1)
        {
            throw score.Wrong(
                $"/service/ports/{ports.ElementAt(1).Key}", "more than one port: this environment serves one.");
        }
        var (name, node) = ports.First();
        var (port, at) = (node as JsonObject, $"/service/ports/{name}");
        if (port?["protocol"] is { } protocol && !protocol.ToString().Equals("TCP", StringComparison.OrdinalIgnoreCase))
        {
            throw score.Wrong($"{at}/protocol", $"{protocol} cannot be had here: only TCP.");
        }
        return score.Port(port?["targetPort"] ?? port?["port"], at) ?? throw score.Wrong(at, "port is missing.");
    }

    private static ScoreCheck? Check(ScoreDocument score, JsonObject container, string name, string at)
    {
        if (score.Probe(container, name, at) is not var (http, path, place)) return null;
        var scheme = score.Text(http["scheme"], $"{place}/scheme")?.ToUpperInvariant() ?? "HTTP";
        if (scheme is not ("HTTP" or "HTTPS"))
        {
            throw score.Wrong($"{place}/scheme", $"'{scheme}' is no scheme: HTTP or HTTPS.");
        }
        return new ScoreCheck(
            path, score.Port(http["port"], $"{place}/port"), scheme, [.. ScoreDocument.Headers(http)]);
    }
}
