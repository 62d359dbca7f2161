using System.Text.Json.Nodes;
using Portal.TestKit.GitHub.Server.Shapes;

namespace Portal.TestKit.GitHub.Server.Settings;

/// <summary>Autolinks, deploy keys and the site of a repository.</summary>
internal static class SmallRoutes
{
    private const string Root = "/repos/{owner}/{repo}";

    public static void Add(RouteTable routes)
    {
        List(routes, "autolinks", "autolink_id", Kinds.Autolink, Autolink);
        List(routes, "keys", "key_id", Kinds.Key, Key);
        routes.Add($"GET {Root}/pages", "pages:read", call => Answer.Ok(call.Repository.Get(Kinds.Pages, "site")));
        routes.Add($"POST {Root}/pages", "pages:write", Publish);
        routes.Add($"PUT {Root}/pages", "pages:write", Change);
        routes.Add($"DELETE {Root}/pages", "pages:write", call =>
        {
            call.Repository.Remove(Kinds.Pages, "site");
            return Answer.None;
        });
    }

    private static void List(RouteTable routes, string path, string place, string kind, Func<ApiCall, JsonObject> make)
    {
        routes.Add($"GET {Root}/{path}", "administration:read", call => call.Page(call.Repository.All(kind)));
        routes.Add(
            $"GET {Root}/{path}/{{{place}}}", "administration:read",
            call => Answer.Ok(call.Repository.Get(kind, call[place])));
        routes.Add($"POST {Root}/{path}", "administration:write", call => Answer.Created(make(call)));
        routes.Add($"DELETE {Root}/{path}/{{{place}}}", "administration:write", call =>
        {
            call.Repository.Remove(kind, call[place]);
            return Answer.None;
        });
    }

    private static JsonObject Autolink(ApiCall call)
    {
        var prefix = call.Text("key_prefix")!;
        if (call.Text("url_template")?.Contains("<num>", StringComparison.Ordinal) != true)
        {
            throw Refusal.Failed("KeyLink", "url_template", "invalid", "url_template must contain a <num> token");
        }
        if (call.Repository.All(Kinds.Autolink).Any(a => (string)a["key_prefix"]! == prefix))
        {
            throw Refusal.Failed("KeyLink", "key_prefix", "already_exists");
        }
        var id = call.State.NextId();
        return call.Repository.Put(Kinds.Autolink, $"{id}", new JsonObject
        {
            ["id"] = id, ["key_prefix"] = prefix, ["url_template"] = call.Text("url_template"),
            ["is_alphanumeric"] = call.Flag("is_alphanumeric") ?? true
        }, prefix);
    }

    private static JsonObject Key(ApiCall call)
    {
        var key = call.Text("key")!;
        if (!key.StartsWith("ssh-", StringComparison.Ordinal) && !key.StartsWith("ecdsa-", StringComparison.Ordinal))
        {
            throw Refusal.Failed(
                "PublicKey", "key", "custom", "key is invalid. You must supply a key in OpenSSH public key format");
        }
        if (call.State.Repositories.Values.SelectMany(r => r.All(Kinds.Key)).Any(k => (string)k["key"]! == key))
        {
            throw Refusal.Failed("PublicKey", "key", "custom", "key is already in use");
        }
        var id = call.State.NextId();
        return call.Repository.Put(Kinds.Key, $"{id}", new JsonObject
        {
            ["id"] = id, ["key"] = key, ["url"] = $"{call.State.Api}/repos/{call.Repository.FullName}/keys/{id}",
            ["title"] = call.Text("title") ?? "", ["verified"] = true,
            ["created_at"] = RepositoryShape.Time(call.State.Now), ["read_only"] = call.Flag("read_only") ?? false,
            ["added_by"] = call.Caller.Login, ["last_used"] = null, ["enabled"] = true,
        }, key);
    }

    private static Answer Publish(ApiCall call)
    {
        var repository = call.Repository;
        if (repository.Find(Kinds.Pages, "site") is not null)
        {
            throw new Refusal(409, "GitHub Pages is already enabled.");
        }
        return Answer.Created(repository.Put(Kinds.Pages, "site", new JsonObject
        {
            ["url"] = $"{call.State.Api}/repos/{repository.FullName}/pages", ["status"] = null, ["cname"] = null,
            ["custom_404"] = false, ["html_url"] = $"{call.State.Web}/pages/{repository.FullName}/",
            ["build_type"] = call.Text("build_type") ?? "legacy",
            ["source"] = call.Body["source"]?.DeepClone() is JsonObject source
                ? Whole(source)
                : new JsonObject { ["branch"] = repository.DefaultBranch, ["path"] = "/" },
            ["public"] = repository.IsPublic, ["https_enforced"] = true,
        }));
    }

    private static JsonObject Whole(JsonObject source)
    {
        source["path"] ??= "/";
        return source;
    }

    private static Answer Change(ApiCall call)
    {
        var site = call.Repository.Get(Kinds.Pages, "site");
        foreach (var (name, value) in call.Body)
        {
            if (name != "source" || value is JsonObject) site[name] = value?.DeepClone();
        }
        return Answer.None;
    }
}
