using System.Text;
using System.Text.Json.Nodes;
using Portal.Core.Providers;
using Portal.Providers.Score;

namespace Portal.Providers.Local.Environments;

/// <summary>What of a <c>score.yaml</c> a local process follows.</summary>
internal static class ScoreReader
{
    /// <exception cref="ProviderException">Invalid, code <c>score-invalid</c>.</exception>
    public static ScoreWorkload Read(byte[] file, EnvironmentSize size)
    {
        var score = ScoreDocument.Read(Encoding.UTF8.GetString(file));
        var (key, at, container) = score.First(
            "cannot be provided by a local environment: put the files into the artifact, or keep data below $HOME.");
        var command = score.List(container["command"], $"{at}/command");
        if (command.Count == 0)
        {
            throw score.Wrong(
                at,
                $"containers.{key}.command is missing. A local environment starts the artifact without its image, so "
                + "say what starts it, e.g. command: [node, src/main.js].");
        }
        score.CheckMemory(container, at, size);
        return new ScoreWorkload(
            score.Name, key, [.. score.Containers.Skip(1).Select(c => c.Key)], [
                .. command, .. score.List(container["args"], $"{at}/args")],
            score.Variables(container, at, parts => Unbound(score, parts)), Probe(
                score, container, "readinessProbe", at), Probe(score, container, "livenessProbe", at),
            score.MemoryMiB(container, at, "limits"));
    }

    private static string Unbound(ScoreDocument score, string[] parts) =>
        score.Root["resources"]?[parts[1]] is JsonObject declared
        ? $": a local environment provides no resource of type {declared["type"] ?? "unknown"}. Give the variable a "
            + "value that works without it, or use another provider for this environment."
        : $" names the resource {parts[1]}, which is not declared under resources.";

    private static ScoreProbe? Probe(ScoreDocument score, JsonObject container, string name, string at)
    {
        if (score.Probe(container, name, at) is not var (http, path, place)) return null;
        if (http["scheme"] is { } scheme && !scheme.ToString().Equals("HTTP", StringComparison.OrdinalIgnoreCase))
        {
            throw score.Wrong(
                $"{place}/scheme", $"{name} asks for {scheme}: a local environment is checked by HTTP only.");
        }
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (header, value) in ScoreDocument.Headers(http)) headers[header] = value;
        return new ScoreProbe(path, headers);
    }
}
