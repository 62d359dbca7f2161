using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Portal.Providers.GitHub.Api;

/// <summary>
/// What goes over the wire about settings. Where GitHub tells apart what is null and what is missing, it is JSON
/// itself.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(JsonObject))]
[JsonSerializable(typeof(List<JsonObject>))]
[JsonSerializable(typeof(NewVariable))]
[JsonSerializable(typeof(VariableList))]
[JsonSerializable(typeof(SecretKey))]
[JsonSerializable(typeof(SealedSecret))]
[JsonSerializable(typeof(SecretList))]
[JsonSerializable(typeof(ChangedIssue))]
[JsonSerializable(typeof(IssueLabels))]
[JsonSerializable(typeof(HookBody))]
[JsonSerializable(typeof(List<HookBody>))]
[JsonSerializable(typeof(NewHook))]
[JsonSerializable(typeof(Autolink))]
[JsonSerializable(typeof(List<Autolink>))]
[JsonSerializable(typeof(NewAutolink))]
[JsonSerializable(typeof(DeployKeyBody))]
[JsonSerializable(typeof(List<DeployKeyBody>))]
[JsonSerializable(typeof(NewDeployKey))]
[JsonSerializable(typeof(PolicyList))]
[JsonSerializable(typeof(NewPolicy))]
internal sealed partial class SettingsJson : JsonSerializerContext;
