using System.Text.Json.Nodes;

namespace Portal.TestKit.Azure.Server;

/// <summary>Managed identities and whom they trust.</summary>
internal sealed class FederationRoutes(WorldState state)
{
    private const string Identity =
        "/subscriptions/{subscription}/resourcegroups/{group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{identity}";
    private const string Credentials = Identity + "/federatedIdentityCredentials";
    private const string Action = "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials/";
    private const int Most = 20;

    private static readonly string[] Versions =
        ResourceKinds.VersionsOf("Microsoft.ManagedIdentity/userAssignedIdentities");

    public IEnumerable<ArmRoute> All =>
    [
        new(
            AzureRoutes.GetIdentity, "GET", Identity, Versions, "Microsoft.ManagedIdentity/userAssignedIdentities/read",
            call =>
            {
                var identity = Find(call);
                var described = (JsonObject)identity.Raw.DeepClone();
                (described["id"], described["name"], described["type"]) = (identity.Id, identity.Name, identity.Type);
                return ArmReply.Ok(described);
            }),
        new(
            AzureRoutes.ListFederatedCredentials, "GET", Credentials, Versions, Action + "read",
            call => ArmReply.List(Of(Find(call)).Select(c => c.Value))),
        new(AzureRoutes.GetFederatedCredential, "GET", Credentials + "/{name}", Versions, Action + "read", call =>
            ArmReply.Ok((state.FederatedCredentials.GetValueOrDefault(Key(call)) ?? throw Missing(call)).DeepClone())),
        new(AzureRoutes.PutFederatedCredential, "PUT", Credentials + "/{name}", Versions, Action + "write", Put),
        new(
            AzureRoutes.DeleteFederatedCredential, "DELETE", Credentials + "/{name}", Versions, Action + "delete",
            call =>
            {
                if (!state.FederatedCredentials.Remove(Key(call))) return new ArmReply(204);
                state.Ledger.NoteRemoved(new AzureThing(AzureThing.FederatedCredential, call["name"], null));
                return new ArmReply(200);
            }),
    ];

    private ArmReply Put(ArmCall call)
    {
        var identity = Find(call);
        var properties = call.Body["properties"] as JsonObject;
        foreach (var key in (string[])["issuer", "subject", "audiences"])
        {
            if (properties?[key] is null)
            {
                throw new ArmRefusal(
                    400, "BadRequest", $"The property '{key}' of the federated identity credential is required.");
            }
        }
        var existing = Of(identity).ToList();
        if (existing.Any(c => c.Key != Key(call) && Same(c.Value["properties"]!, properties!, "issuer")
            && Same(c.Value["properties"]!, properties!, "subject")))
        {
            throw new ArmRefusal(
                409, "Conflict", "Issuer and subject combination already exists for this Managed Identity.");
        }
        if (existing.Count >= Most && existing.All(c => c.Key != Key(call)))
        {
            throw new ArmRefusal(
                400, "QuotaExceeded",
                $"Too many Federated Identity Credentials: the limit is {Most} for one identity.");
        }
        var isNew = !state.FederatedCredentials.ContainsKey(Key(call));
        var stored = new JsonObject
        {
            ["id"] = $"{identity.Id}/federatedIdentityCredentials/{call["name"]}", ["name"] = call["name"],
            ["type"] = "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials",
            ["properties"] = properties!.DeepClone(),
        };
        state.FederatedCredentials[Key(call)] = stored;
        if (isNew) state.Ledger.Note(new AzureThing(AzureThing.FederatedCredential, call["name"], null));
        return new ArmReply(isNew ? 201 : 200, stored.DeepClone());
    }

    private StoredResource Find(ArmCall call)
    {
        var group = state.Group(call.Subscription, call["group"]);
        return group.Resources.GetValueOrDefault(
            $"{group.Id}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{call["identity"]}")
            ?? throw ArmRefusal.NoResource(
                "Microsoft.ManagedIdentity/userAssignedIdentities", call["identity"], group.Name);
    }

    private IEnumerable<KeyValuePair<string, JsonObject>> Of(StoredResource identity) =>
        state.FederatedCredentials.Where(c => c.Key.StartsWith($"{identity.Id}/", StringComparison.OrdinalIgnoreCase));

    private string Key(ArmCall call) => $"{Find(call).Id}/{call["name"]}";

    private static ArmRefusal Missing(ArmCall call) =>
        new(404, "NotFound", $"The federated identity credential '{call["name"]}' was not found.");

    private static bool Same(JsonNode one, JsonNode other, string key) =>
        one[key]?.ToString() == other[key]?.ToString();
}
