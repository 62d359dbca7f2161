using System.Text;
using System.Text.Json.Nodes;
using Portal.TestKit.GitHub.Server.Shapes;

namespace Portal.TestKit.GitHub.Server.Settings;

/// <summary>
/// Secrets of a repository and of its environments. They come sealed; the world opens them, so that a test can see what
/// was meant.
/// </summary>
internal sealed class SecretRoutes(SealedBox box)
{
    private const string KeyId = "568250167242549743";

    public void Add(RouteTable routes)
    {
        Add(routes, "/repos/{owner}/{repo}/actions/secrets", "secrets", _ => "");
        Add(
            routes, "/repos/{owner}/{repo}/environments/{environment_name}/secrets", "environments",
            call => $"{EnvironmentRoutes.Find(call)["name"]} ");
    }

    private void Add(RouteTable routes, string root, string permission, Func<ApiCall, string> prefix)
    {
        routes.Add($"GET {root}/public-key", $"{permission}:read", call =>
        {
            prefix(call);
            return Answer.Ok(new JsonObject { ["key_id"] = KeyId, ["key"] = Convert.ToBase64String(box.PublicKey) });
        });
        routes.Add($"GET {root}", $"{permission}:read", call => call.Page(VariableRoutes.Keys(
            call, Kinds.Secret, prefix(call)).Select(k => Shown(call.Repository.Get(Kinds.Secret, k))), "secrets"));
        routes.Add($"GET {root}/{{secret_name}}", $"{permission}:read", call => Answer.Ok(
            Shown(call.Repository.Get(Kinds.Secret, prefix(call) + call["secret_name"].ToUpperInvariant()))));
        routes.Add($"PUT {root}/{{secret_name}}", $"{permission}:write", call => Put(call, prefix(call)));
        routes.Add($"DELETE {root}/{{secret_name}}", $"{permission}:write", call =>
        {
            call.Repository.Remove(Kinds.Secret, prefix(call) + call["secret_name"].ToUpperInvariant());
            return Answer.None;
        });
    }

    private Answer Put(ApiCall call, string prefix)
    {
        var name = VariableRoutes.Checked(call["secret_name"]);
        if (call.Text("key_id") != KeyId)
        {
            throw Refusal.Unprocessable("Bad request - key_id does not match the repository's public key");
        }
        var plain = box.Open(Convert.FromBase64String(call.Text("encrypted_value") ?? ""))
            ?? throw Refusal.Unprocessable("Bad request - encrypted_value could not be decrypted");
        if (plain.Length > 48 * 1024) throw Refusal.Unprocessable("Secret value is too large");
        var old = call.Repository.Find(Kinds.Secret, prefix + name);
        call.Repository.Put(Kinds.Secret, prefix + name, new JsonObject
        {
            ["name"] = name, ["created_at"] = old?["created_at"]?.DeepClone() ?? RepositoryShape.Time(call.State.Now),
            ["updated_at"] = RepositoryShape.Time(call.State.Now), ["_value"] = Encoding.UTF8.GetString(plain),
        });
        return old is null ? Answer.Created(new JsonObject()) : Answer.None;
    }

    private static JsonNode Shown(JsonObject secret) => new JsonObject(
        secret.Where(s => s.Key != "_value").Select(s => KeyValuePair.Create(s.Key, s.Value?.DeepClone())));
}
