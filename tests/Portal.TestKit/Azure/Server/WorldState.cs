using System.Text.Json.Nodes;

namespace Portal.TestKit.Azure.Server;

/// <summary>Everything that there is, under one lock.</summary>
internal sealed class WorldState(TimeProvider time)
{
    public Lock Access { get; } = new();

    public AzureLedger Ledger { get; } = new();

    public AzureRules Rules { get; } = new();

    public Dictionary<string, StoredGroup> Groups { get; } = new(StringComparer.OrdinalIgnoreCase);

    public Dictionary<string, Image> Images { get; } = new(StringComparer.Ordinal);

    /// <summary>What an image that nobody added answers; null = it is in no registry.</summary>
    public Func<string, string?> Registry { get; set; } = _ => null;

    /// <summary>
    /// Long-running things that are no deployment: by id, from when on they are over, and what they lead to.
    /// </summary>
    public Dictionary<string, (DateTimeOffset Until, JsonNode? Result)> Operations { get; } = [];

    /// <summary>Federated credentials by the id of their identity and their name.</summary>
    public SortedDictionary<string, JsonObject> FederatedCredentials { get; } = new(StringComparer.OrdinalIgnoreCase);

    public List<string> Violations { get; } = [];

    public int Port { get; set; }

    public DateTimeOffset Now() => time.GetUtcNow();

    public string NowText() =>
        Now().ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ", System.Globalization.CultureInfo.InvariantCulture);

    public TimeProvider Time => time;

    public static string KeyOf(string subscription, string group) => $"{subscription}/{group}";

    public StoredGroup Group(string subscription, string name) =>
        Groups.GetValueOrDefault(KeyOf(subscription, name)) ?? throw ArmRefusal.NoGroup(name);

    public StoredGroup UsableGroup(string subscription, string name)
    {
        var group = Group(subscription, name);
        return group.IsBeingDeleted ? throw new ArmRefusal(
            409, "ResourceGroupBeingDeleted",
            $"The resource group '{name}' is in deprovisioning state and cannot perform this operation.") : group;
    }

    public StoredResource? Resource(string id) =>
        Groups.Values.Select(g => g.Resources.GetValueOrDefault(id)).FirstOrDefault(r => r is not null);

    public void Violation(string text)
    {
        lock (Violations) Violations.Add(text);
    }
}

/// <param name="Answer">What the service in it answers; null when it ends at once.</param>
/// <param name="LastWords">What it writes before it ends.</param>
internal sealed record Image(string? Answer, string? LastWords);

internal sealed class StoredGroup(string subscription, string name, string location)
{
    public string Subscription => subscription;

    public string Name => name;

    public string Location => location;

    public string Id => $"/subscriptions/{subscription}/resourceGroups/{name}";

    public JsonObject Tags { get; set; } = [];

    public bool IsBeingDeleted { get; set; }

    public SortedDictionary<string, StoredResource> Resources { get; } = new(StringComparer.OrdinalIgnoreCase);

    public Dictionary<string, StoredDeployment> Deployments { get; } = new(StringComparer.OrdinalIgnoreCase);

    public SortedDictionary<string, JsonObject> Locks { get; } = new(StringComparer.OrdinalIgnoreCase);

    public AzureThing Thing => new(AzureThing.Group, name, Tags["portal-mark"]?.ToString());

    public JsonObject Describe() => new()
    {
        ["id"] = Id, ["name"] = name, ["type"] = "Microsoft.Resources/resourceGroups", ["location"] = location,
        ["tags"] = Tags.DeepClone(),
        ["properties"] = new JsonObject { ["provisioningState"] = IsBeingDeleted ? "Deleting" : "Succeeded" },
    };
}

/// <param name="Raw">As it was asked for and as it answers, without what only the server knows.</param>
internal sealed class StoredResource(string id, string type, string name, JsonObject raw)
{
    public string Id => id;

    public string Type => type;

    public string Name => name;

    public JsonObject Raw { get; set; } = raw;

    public bool IsStopped { get; set; }

    /// <summary>Of an app: what serves. Stays the old one when a new revision fails.</summary>
    public Image? Serves { get; set; }

    public List<Revision> Revisions { get; } = [];

    public AzureThing Thing =>
        new(AzureThing.Resource, id[(id.IndexOf("/resourceGroups/", StringComparison.OrdinalIgnoreCase) + 16)..], null);

    public JsonObject Properties => Raw["properties"] as JsonObject ?? [];
}

internal sealed record Revision(string Name, string Image, bool Healthy, string? Error);

internal sealed class StoredDeployment(
    string id, string name, JsonObject? tags, JsonObject template, JsonObject parameters)
{
    public string Id => id;

    public string Name => name;

    public JsonObject? Tags => tags;

    public JsonObject Template => template;

    public JsonObject Parameters => parameters;

    public string State { get; set; } = "Accepted";

    public string Timestamp { get; set; } = "";

    public JsonObject? Error { get; set; }

    public JsonObject? Outputs { get; set; }

    public List<string> OutputResources { get; } = [];

    public List<StoredOperation> Operations { get; } = [];

    public bool IsActive => State is "Accepted" or "Running";

    public JsonObject Describe()
    {
        var properties = new JsonObject
        {
            ["mode"] = "Incremental", ["provisioningState"] = State, ["timestamp"] = Timestamp,
            ["correlationId"] = Guid.NewGuid().ToString(), ["parameters"] = Shown(),
            ["outputResources"] = new JsonArray([.. OutputResources.Select(r => new JsonObject { ["id"] = r })]),
        };
        if (Outputs is not null) properties["outputs"] = Outputs.DeepClone();
        if (Error is not null) properties["error"] = Error.DeepClone();
        var described = new JsonObject
        {
            ["id"] = id, ["name"] = name, ["type"] = "Microsoft.Resources/deployments", ["properties"] = properties
        };
        if (tags is not null) described["tags"] = tags.DeepClone();
        return described;
    }

    /// <summary>With their types, and secrets without their values.</summary>
    private JsonObject Shown()
    {
        var shown = new JsonObject();
        foreach (var (key, declared) in template["parameters"] as JsonObject ?? [])
        {
            var type = declared!["type"]!.ToString();
            shown[key] = new JsonObject { ["type"] = type };
            if (!type.StartsWith("secure", StringComparison.OrdinalIgnoreCase))
            {
                shown[key]!["value"] = parameters[key]?.DeepClone();
            }
        }
        return shown;
    }
}

internal sealed class StoredOperation(string target, string type, string name)
{
    public string Id { get; } = Guid.NewGuid().ToString("N")[..16].ToUpperInvariant();

    public string State { get; set; } = "Running";

    public string Timestamp { get; set; } = "";

    public JsonObject? Error { get; set; }

    public JsonObject Describe(string deployment)
    {
        var properties = new JsonObject
        {
            ["provisioningOperation"] = "Create", ["provisioningState"] = State, ["timestamp"] = Timestamp,
            ["statusCode"] = State == "Succeeded" ? "Created" : State == "Failed" ? "Conflict" : "Accepted",
            ["targetResource"] = new JsonObject { ["id"] = target, ["resourceType"] = type, ["resourceName"] = name },
        };
        if (Error is not null)
        {
            properties["statusMessage"] = new JsonObject { ["status"] = "Failed", ["error"] = Error.DeepClone() };
        }
        return new JsonObject
        {
            ["id"] = $"{deployment}/operations/{Id}", ["operationId"] = Id, ["properties"] = properties
        };
    }
}
