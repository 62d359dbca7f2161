using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Portal.TestKit.Azure.Templates;

namespace Portal.TestKit.Azure.Server;

/// <summary>
/// The kinds of resources that this world knows: their versions, what they must have, and what only the server knows of
/// them.
/// </summary>
internal static partial class ResourceKinds
{
    /// <param name="Required">Paths below the resource: <c>properties.environmentId</c>.</param>
    internal sealed record Kind(string[] Versions, bool HasLocation, string[] Required, string NamePattern);

    private static readonly Dictionary<string, Kind> All = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Microsoft.OperationalInsights/workspaces"] = new(
            ["2023-09-01", "2022-10-01"], true, [], "^[A-Za-z0-9][A-Za-z0-9-]{2,61}[A-Za-z0-9]$"),
        ["Microsoft.ManagedIdentity/userAssignedIdentities"] = new(
            ["2023-01-31", "2024-11-30"], true, [], "^[A-Za-z0-9][A-Za-z0-9_-]{2,127}$"),
        ["Microsoft.App/managedEnvironments"] = new(
            ["2024-03-01", "2025-01-01"], true, [], "^[a-z][a-z0-9-]{0,58}[a-z0-9]$"),
        ["Microsoft.Insights/diagnosticSettings"] = new(
            ["2021-05-01-preview"], false, ["properties.workspaceId"], "^[^*#&+:<>?]{1,260}$"),
        ["Microsoft.App/containerApps"] = new(
            ["2024-03-01", "2025-01-01"], true, ["properties.environmentId", "properties.template.containers"],
            "^[a-z](?!.*--)[a-z0-9-]{0,30}[a-z0-9]$"),
        ["Microsoft.Web/serverfarms"] = new(["2023-12-01", "2024-04-01"], true, ["sku.name"], "^[A-Za-z0-9-]{1,60}$"),
        ["Microsoft.Web/sites"] = new(
            ["2023-12-01", "2024-04-01"], true, ["properties.serverFarmId"],
            "^[A-Za-z0-9][A-Za-z0-9-]{0,58}[A-Za-z0-9]$"),
        ["Microsoft.DBforPostgreSQL/flexibleServers"] = new(
            ["2024-08-01"], true, ["sku.name", "sku.tier", "properties.version"],
            "^[a-z0-9](?!.*--)[a-z0-9-]{1,61}[a-z0-9]$"),
        ["Microsoft.DBforPostgreSQL/flexibleServers/databases"] = new(
            ["2024-08-01"], false, [], "^.+/[A-Za-z0-9_-]{1,63}$"),
        ["Microsoft.DBforPostgreSQL/flexibleServers/firewallRules"] = new(
            ["2024-08-01"], false, ["properties.startIpAddress", "properties.endIpAddress"],
            "^.+/[A-Za-z0-9_-]{1,128}$"),
        ["Microsoft.DBforPostgreSQL/flexibleServers/administrators"] = new(
            ["2024-08-01"], false, ["properties.principalName", "properties.principalType"], "^.+/[0-9a-f-]{36}$"),
        ["Microsoft.Storage/storageAccounts"] = new(["2023-05-01"], true, ["sku.name", "kind"], "^[a-z0-9]{3,24}$"),
        ["Microsoft.Storage/storageAccounts/blobServices/containers"] = new(
            ["2023-05-01"], false, [], @"^.+/default/(\$web|[a-z0-9-]{3,63})$"),
        ["Microsoft.Authorization/roleAssignments"] = new(
            ["2022-04-01"], false, ["properties.roleDefinitionId", "properties.principalId"], "^[0-9a-f-]{36}$"),
        ["Microsoft.Resources/deployments"] = new(
            ["2022-09-01", "2021-04-01", "2024-03-01"], false, ["properties.mode", "properties.template"],
            @"^[-\w._()]{1,64}$"),
        ["Microsoft.Resources/resourceGroups"] = new(
            ["2022-09-01", "2021-04-01", "2024-03-01"], true, [], @"^[-\w._()]{0,89}[-\w_()]$"),
    };

    private static readonly System.Buffers.SearchValues<char> NotInTagNames =
        System.Buffers.SearchValues.Create(@"<>%&\?/");

    public static IReadOnlyList<string> Namespaces =>
        [.. All.Keys.Select(t => t.Split('/')[0]).Distinct(StringComparer.OrdinalIgnoreCase)];

    public static IEnumerable<(string Type, Kind Kind)> Of(string provider) =>
        All.Where(k => k.Key.StartsWith(provider + "/", StringComparison.OrdinalIgnoreCase))
            .Select(k => (k.Key[(provider.Length + 1)..], k.Value));

    public static string[] VersionsOf(string type) => All.TryGetValue(type, out var kind) ? kind.Versions : [];

    /// <summary>Before anything is made: type, version and name are known.</summary>
    public static void CheckDeclared(TemplateResource resource, string location)
    {
        if (!All.TryGetValue(resource.Type, out var kind) || !kind.Versions.Contains(resource.ApiVersion))
        {
            throw new ArmRefusal(400, "NoRegisteredProviderFound",
                $"No registered resource provider found for location '{location}' and API version '{resource.ApiVersion}' for type '{resource.Type}'. The supported api-versions are '{string.Join(", ", kind?.Versions ?? [])}'.");
        }
        if (!Regex.IsMatch(resource.Name, kind.NamePattern, RegexOptions.None, TimeSpan.FromSeconds(1)))
        {
            throw new ArmRefusal(
                400, "InvalidResourceName",
                $"The name '{resource.Name}' of a resource of type '{resource.Type}' is not valid.");
        }
    }

    /// <summary>What the resource provider itself would refuse.</summary>
    public static void CheckBody(string type, string name, JsonObject body)
    {
        var kind = All[type];
        if (kind.HasLocation && body["location"] is not JsonValue)
        {
            throw new ArmRefusal(400, "LocationRequired", "The location property is required for this definition.");
        }
        if (!kind.HasLocation && body["location"] is not null)
        {
            throw new ArmRefusal(
                400, "InvalidRequestContent", $"The resource '{name}' of type '{type}' takes no location.");
        }
        foreach (var path in kind.Required)
        {
            if (Walk(body, path) is null)
            {
                throw new ArmRefusal(
                    400, "InvalidRequestContent", $"The property '{path}' of '{type}/{name}' is required.");
            }
        }
        CheckTags(body["tags"] as JsonObject ?? []);
        if (type.Equals("Microsoft.App/containerApps", StringComparison.OrdinalIgnoreCase)) CheckApp(name, body);
    }

    /// <summary>https://learn.microsoft.com/azure/azure-resource-manager/management/tag-resources</summary>
    public static void CheckTags(JsonObject tags)
    {
        if (tags.Count > 50)
        {
            throw new ArmRefusal(400, "InvalidTags", $"The number of tags '{tags.Count}' exceeds the limit of 50.");
        }
        foreach (var (name, value) in tags)
        {
            if (name.Length is 0 or > 512 || name.AsSpan().ContainsAny(NotInTagNames))
            {
                throw new ArmRefusal(
                    400, "InvalidTagNameCharacters",
                    $"The tag name '{name}' is not valid: at most 512 characters, without <, >, %, &, \\, ?, /.");
            }
            if (value is not JsonValue text || text.GetValueKind() != System.Text.Json.JsonValueKind.String)
            {
                throw new ArmRefusal(400, "InvalidTagValue", $"The value of the tag '{name}' must be a string.");
            }
            if (text.ToString().Length > 256)
            {
                throw new ArmRefusal(
                    400, "InvalidTagValueLength", $"The value of the tag '{name}' is longer than 256 characters.");
            }
        }
    }

    /// <summary>What only the server knows: names and numbers that it gives.</summary>
    public static void Complete(StoredResource resource, JsonObject body, StoredGroup group, int port)
    {
        var properties = body["properties"] as JsonObject ?? (JsonObject)(body["properties"] = new JsonObject());
        properties["provisioningState"] = "Succeeded";
        switch (resource.Type.ToLowerInvariant())
        {
            case "microsoft.managedidentity/userassignedidentities":
                (properties["principalId"], properties["clientId"], properties["tenantId"]) =
                    (GuidOf(resource.Id, "principal"), GuidOf(resource.Id, "client"), AzureWorld.TenantId);
                break;
            case "microsoft.app/managedenvironments":
                properties["defaultDomain"] = $"{Hash(resource.Id)}.{group.Location}.localhost";
                break;
            case "microsoft.web/sites":
                (properties["defaultHostName"], properties["state"]) =
                    ($"{resource.Name}.azurewebsites.localhost:{port}", "Running");
                break;
            case "microsoft.dbforpostgresql/flexibleservers":
                (properties["fullyQualifiedDomainName"], properties["state"]) =
                    ($"{resource.Name}.postgres.database.azure.com", "Ready");
                break;
            case "microsoft.storage/storageaccounts":
                properties["primaryEndpoints"] = new JsonObject
                {
                    ["blob"] = $"https://{resource.Name}.blob.localhost:{port}/",
                    ["web"] = $"https://{resource.Name}.z6.web.localhost:{port}/"
                };
                break;
        }
    }

    public static JsonNode? Walk(JsonNode? node, string path)
    {
        foreach (var part in path.Split('.')) node = (node as JsonObject)?[part];
        return node;
    }

    public static string GuidOf(string id, string what) =>
        new Guid(SHA256.HashData(Encoding.UTF8.GetBytes($"{what} {id.ToLowerInvariant()}"))[..16]).ToString();

    public static string Hash(string text) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToLowerInvariant())))[..10];

    private static void CheckApp(string name, JsonObject body)
    {
        foreach (var container in (Walk(
            body, "properties.template.containers") as JsonArray ?? []).OfType<JsonObject>())
        {
            foreach (var key in (string[])["name", "image"])
            {
                if (container[key] is not JsonValue) throw Invalid($"template.containers.{key}", "it is required");
            }
            var (cpu, memory) = (Walk(container, "resources.cpu"), Walk(container, "resources.memory")?.ToString());
            if (cpu is null
                || !decimal.TryParse(cpu.ToString(), System.Globalization.CultureInfo.InvariantCulture, out var cores)
                || cpu.GetValueKind() != System.Text.Json.JsonValueKind.Number || cores % 0.25m != 0
                || cores is <= 0 or > 4
                || memory != string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{cores * 2:0.###}Gi"))
            {
                throw new ArmRefusal(400, "ContainerAppInvalidResourceTotal",
                    $"The total requested CPU and memory resources for this application (CPU: {cpu}, memory: {memory}) is invalid. Total CPU and memory for all containers defined in a Container App must add up to one of the following CPU - Memory combinations: [cpu: 0.25, memory: 0.5Gi]; [cpu: 0.5, memory: 1.0Gi]; …");
            }
            foreach (var probe in (container["probes"] as JsonArray ?? []).OfType<JsonObject>())
            {
                if (probe["type"]?.ToString() is not ("Liveness" or "Readiness" or "Startup")
                    || Walk(probe, "httpGet.port") is null && Walk(probe, "tcpSocket.port") is null)
                {
                    throw Invalid("template.containers.probes", "type and port are required");
                }
            }
            foreach (var variable in (container["env"] as JsonArray ?? []).OfType<JsonObject>())
            {
                if (variable["name"] is not JsonValue) throw Invalid("template.containers.env.name", "it is required");
            }
        }
        if (Walk(body, "properties.configuration.ingress") is JsonObject ingress && ingress["targetPort"] is null)
        {
            throw Invalid("configuration.ingress.targetPort", "it is required");
        }
        ArmRefusal Invalid(string field, string why) => new(
            400, "InvalidParameterValueInContainerTemplate",
            $"The following field(s) are either invalid or missing. Field '{field}' of '{name}' is invalid with details: '{why}'.");
    }
}
