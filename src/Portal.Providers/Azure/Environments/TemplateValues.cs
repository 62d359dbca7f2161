using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Portal.Core.Providers;
using Portal.Core.Schema;
using Portal.Core.Shared;
using Portal.Providers.Azure.Definitions;
using Portal.Providers.Score;

namespace Portal.Providers.Azure.Environments;

/// <summary>What a version of an environment is deployed with.</summary>
/// <param name="Version">Null for a definition that runs none.</param>
internal sealed record VersionToRun(
    DefinitionFile Definition, EnvironmentSize Size, string Id, string Type, RepositoryName Repository,
    EnvironmentVersion? Version, IReadOnlyDictionary<string, string> Labels);

/// <summary>Fills the parameters of a definition's template: the portal's own, and what a person has chosen.</summary>
internal sealed partial class TemplateValues(AzureOptions options)
{
    private const int MaxName = 24;

    /// <summary>For the parameters property of a deployment.</summary>
    public JsonObject Of(VersionToRun run, IReadOnlyDictionary<string, string> groupTags, JsonObject? chosen)
    {
        var values = new JsonObject();
        foreach (var (name, value) in Portal(run, groupTags))
        {
            if (run.Definition.Declared.Contains(name)) values[name] = new JsonObject { ["value"] = value };
        }
        foreach (var (name, value) in Chosen(run.Definition, chosen))
        {
            values[name] = new JsonObject { ["value"] = value?.DeepClone() };
        }
        return values;
    }

    /// <summary>Checks what a person has chosen.</summary>
    /// <exception cref="ProviderException">Invalid, code <c>parameters-invalid</c>.</exception>
    public static JsonObject Chosen(DefinitionFile definition, JsonObject? chosen)
    {
        chosen ??= [];
        var wrong = JsonSchema.Parse(definition.Parameters).Validate(chosen);
        return wrong.Count == 0 ? chosen : throw ProviderException.Invalid(
            "parameters-invalid", $"The parameters of {definition.Name} are wrong: "
                + $"{string.Join("; ", wrong.Take(5).Select(w => $"{w.FieldPath.TrimStart('/')} {w.Message}"))}");
    }

    /// <summary>
    /// The parameters of an earlier deployment, as a new one takes them. Azure does not give secrets back: they are
    /// filled in again.
    /// </summary>
    public JsonObject Again(JsonObject parameters)
    {
        var values = new JsonObject();
        foreach (var (name, node) in parameters)
        {
            if (node is not JsonObject parameter) continue;
            if (parameter.ContainsKey("value"))
            {
                values[name] = new JsonObject { ["value"] = parameter["value"]?.DeepClone() };
            }
            else if (name.Equals(PortalParameters.RegistryPassword, StringComparison.OrdinalIgnoreCase))
            {
                values[name] = new JsonObject { ["value"] = options.Registry.Password };
            }
        }
        return values;
    }

    /// <summary>What a person had chosen for an earlier deployment.</summary>
    public static JsonObject ChosenIn(DefinitionFile definition, JsonObject parameters)
    {
        var asked = (JsonObject)definition.Parameters["properties"]!;
        return new JsonObject(parameters.Where(
            p => asked.ContainsKey(p.Key) && (p.Value as JsonObject)?.ContainsKey("value") == true)
                .Select(p => KeyValuePair.Create(p.Key, p.Value!["value"]?.DeepClone())));
    }

    private Dictionary<string, JsonNode?> Portal(VersionToRun run, IReadOnlyDictionary<string, string> groupTags)
    {
        var values = new Dictionary<string, JsonNode?>(StringComparer.OrdinalIgnoreCase)
        {
            [PortalParameters.Name] = NameOf(run.Id, run.Repository),
            [PortalParameters.Tags] = new JsonObject(
                PortalTags.ForResources(groupTags).Select(t => KeyValuePair.Create<string, JsonNode?>(t.Key, t.Value))),
            [PortalParameters.EnvironmentType] = run.Type,
            [PortalParameters.Size] = run.Size.Name,
            [PortalParameters.Cpu] = run.Size.Cpu.ToString("0.###", CultureInfo.InvariantCulture),
            [PortalParameters.Memory] = Quantity.Gi(run.Size.MemoryMiB),
            [PortalParameters.RegistryServer] = options.Registry.Server,
            [PortalParameters.RegistryUsername] = options.Registry.Username,
            [PortalParameters.RegistryPassword] = options.Registry.Password,
            [PortalParameters.RegistryIdentity] = options.Registry.Identity,
        };
        if (run is { Definition.RunsVersion: true, Version: { } version }) Workload(values, run, version);
        return values;
    }

    private void Workload(Dictionary<string, JsonNode?> values, VersionToRun run, EnvironmentVersion version)
    {
        var container = version.Workload is { } score
            ? ScoreFile.Read(score, run.Size) : ScoreContainer.Bare(run.Repository.Name);
        values[PortalParameters.Image] = ImageOf(run.Repository, version.Commit);
        values[PortalParameters.Command] = Texts(container.Command);
        values[PortalParameters.Args] = Texts(container.Args);
        values[PortalParameters.CommandLine] = string.Join(
            ' ', container.Command.Concat(container.Args).Select(Quoted));
        values[PortalParameters.Port] = container.Port;
        values[PortalParameters.HealthPath] = (container.Readiness ?? container.Liveness)?.Path ?? "";
        var probes = new JsonArray();
        if (container.Liveness is { } liveness) probes.Add(liveness.AsProbe("Liveness", container.Port));
        if (container.Readiness is { } readiness) probes.Add(readiness.AsProbe("Readiness", container.Port));
        values[PortalParameters.Probes] = probes;
        var variables = new Dictionary<string, string>(container.Variables, StringComparer.Ordinal);
        variables.TryAdd("PORT", container.Port.ToString(CultureInfo.InvariantCulture));
        variables.TryAdd(
            "OTEL_RESOURCE_ATTRIBUTES",
            string.Join(',', run.Labels.Select(l => $"{l.Key}={Uri.EscapeDataString(l.Value)}")));
        values[PortalParameters.Variables] = new JsonArray(
            [.. variables.Select(v => new JsonObject { ["name"] = v.Key, ["value"] = v.Value })]);
    }

    public string ImageOf(RepositoryName repository, string commit) =>
        options.Image.Replace("{organisation}", repository.Organisation, StringComparison.Ordinal)
        .Replace("{name}", repository.Name, StringComparison.Ordinal)
            .Replace("{commit}", commit, StringComparison.Ordinal).ToLowerInvariant();

    /// <summary>Starts with a letter and is unlike that of any other environment.</summary>
    internal static string NameOf(string id, RepositoryName repository)
    {
        const string letters = "0123456789abcdefghjkmnpqrstvwxyz";
        var hash = System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(id));
        var tail = string.Concat(hash.Take(6).Select(b => letters[b & 31]));
        var slug = NotInName().Replace(repository.Name.ToLowerInvariant(), "-").Trim('-');
        if (slug.Length == 0 || !char.IsAsciiLetter(slug[0])) slug = $"s{slug}";
        var most = MaxName - tail.Length - 1;
        return $"{(slug.Length > most ? slug[..most].TrimEnd('-') : slug)}-{tail}";
    }

    private static JsonArray Texts(IReadOnlyList<string> texts) => [.. texts.Select(t => (JsonNode)t)];

    private static string Quoted(string word) =>
        Plain().IsMatch(word) ? word : $"'{word.Replace("'", @"'\''", StringComparison.Ordinal)}'";

    [GeneratedRegex("[^a-z0-9]+")]
    private static partial Regex NotInName();

    [GeneratedRegex(@"^[A-Za-z0-9_./:=@%+,-]+\z")]
    private static partial Regex Plain();
}
