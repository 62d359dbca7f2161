using System.Text.Json.Nodes;

namespace Portal.TestKit.Azure.Server;

/// <summary>One request to Resource Manager, with the parts of its path by name.</summary>
internal sealed class ArmCall(
    IReadOnlyDictionary<string, string> parts, IReadOnlyDictionary<string, string> query, JsonNode? body, Uri root)
{
    public string this[string part] => parts[part];

    public string Subscription => parts["subscription"];

    /// <summary>The rest of the path, for ids of resources.</summary>
    public string Path { get; init; } = "";

    public string? Query(string name) => query.GetValueOrDefault(name);

    public JsonObject Body => body as JsonObject ?? throw new ArmRefusal(
        400, "InvalidRequestContent",
        "The request content was invalid and could not be deserialized: 'a JSON object is required'.");

    public bool HasBody => body is not null;

    public string Link(string path, string version) => new Uri(root, $"{path}?api-version={version}").ToString();
}

internal sealed record ArmReply(int Status, JsonNode? Body = null, params (string Name, string Value)[] Headers)
{
    public static ArmReply Ok(JsonNode body) => new(200, body);

    public static ArmReply List(IEnumerable<JsonObject> items) =>
        new(200, new JsonObject { ["value"] = new JsonArray([.. items.Select(i => i.DeepClone())]) });
}

/// <summary>Resource Manager says no.</summary>
internal sealed class ArmRefusal(
    int status, string code, string message, JsonArray? details = null,
    JsonArray? additionalInfo = null) : Exception(message)
{
    public int Status => status;

    public string Code => code;

    public JsonObject Error()
    {
        var error = new JsonObject { ["code"] = code, ["message"] = Message };
        if (details is not null) error["details"] = details.DeepClone();
        if (additionalInfo is not null) error["additionalInfo"] = additionalInfo.DeepClone();
        return error;
    }

    public static ArmRefusal NoGroup(string group) =>
        new(404, "ResourceGroupNotFound", $"Resource group '{group}' could not be found.");

    public static ArmRefusal NoResource(string type, string name, string group) =>
        new(
            404, "ResourceNotFound",
            $"The Resource '{type}/{name}' under resource group '{group}' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix");
}
