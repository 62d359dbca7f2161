using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Portal.TestKit.GitHub.Server.Shapes;

namespace Portal.TestKit.GitHub.Server.Organisations;

/// <summary>The app, where it is installed, and the tokens that it makes for itself.</summary>
internal sealed class AppRoutes(WorldState state, AppIdentity app, GitHubLimits limits)
{
    public void Add(RouteTable routes)
    {
        routes.Add("GET /app", Access.App, _ => Answer.Ok(App()));
        routes.Add("GET /app/installations", Access.App, call => call.Page(
            state.Organisations.Values.Where(o => o.IsInstalled).Select(o => (JsonNode)Installation(o))));
        routes.Add(
            "GET /app/installations/{installation_id}", Access.App, call => Answer.Ok(Installation(Installed(call))));
        // The app is installed in organisations alone.
        routes.Add("GET /users/{username}/installation", Access.App, Answer (_) => throw Refusal.NotFound());
        routes.Add("GET /orgs/{org}/installation", Access.App, call => Answer.Ok(
            Installation(call.Organisation.IsInstalled ? call.Organisation : throw Refusal.NotFound())));
        routes.Add("GET /repos/{owner}/{repo}/installation", Access.App, call => Answer.Ok(Installation(
            call.Repository.Organisation is { IsInstalled: true } there ? there : throw Refusal.NotFound())));
        routes.Add("POST /app/installations/{installation_id}/access_tokens", Access.App, CreateToken);
        routes.Add("DELETE /installation/token", Access.Installation, DeleteToken);
        routes.Add("GET /rate_limit", Access.Anybody, _ => Answer.Ok(Limits()));
    }

    private GitHubOrganisation Installed(ApiCall call) =>
        state.Organisations.Values.FirstOrDefault(
            o => o.InstallationId == call.Number("installation_id") && o.IsInstalled) ?? throw Refusal.NotFound();

    private JsonObject App() => new()
    {
        ["id"] = long.Parse(app.Id), ["slug"] = app.Slug, ["client_id"] = app.ClientId,
        ["node_id"] = UserShape.NodeId("App", long.Parse(app.Id)),
        ["owner"] = UserShape.Simple(state, state.Organisations.Keys.First()),
        ["name"] = "portal", ["description"] = "", ["external_url"] = "https://portal.example.com",
        ["html_url"] = $"{state.Web}/apps/{app.Slug}",
        ["created_at"] = "2026-01-01T00:00:00Z", ["updated_at"] = "2026-01-01T00:00:00Z",
        ["permissions"] = Permissions(state.Organisations.Values.First()), ["events"] = Events(),
        ["installations_count"] = state.Organisations.Values.Count(o => o.IsInstalled),
    };

    private JsonObject Installation(GitHubOrganisation organisation) => new()
    {
        ["id"] = organisation.InstallationId, ["account"] = UserShape.Simple(state, organisation.Login),
        ["repository_selection"] = "all",
        ["access_tokens_url"] = $"{state.Api}/app/installations/{organisation.InstallationId}/access_tokens",
        ["repositories_url"] = $"{state.Api}/installation/repositories",
        ["html_url"] =
            $"{state.Web}/organizations/{organisation.Login}/settings/installations/{organisation.InstallationId}",
        ["app_id"] = long.Parse(app.Id), ["app_slug"] = app.Slug,
        ["client_id"] = app.ClientId, ["target_id"] = organisation.Id, ["target_type"] = "Organization",
        ["permissions"] = Permissions(organisation), ["events"] = Events(), ["single_file_name"] = null,
        ["has_multiple_single_files"] = false, ["single_file_paths"] = new JsonArray(),
        ["created_at"] = "2026-01-01T00:00:00Z", ["updated_at"] = "2026-01-01T00:00:00Z",
        ["suspended_by"] = organisation.IsSuspended ? UserShape.Simple(state, "machine") : null,
        ["suspended_at"] = organisation.IsSuspended ? RepositoryShape.Time(state.Now) : null,
    };

    private static JsonObject Permissions(GitHubOrganisation organisation) =>
        new(organisation.Permissions.OrderBy(p => p.Key, StringComparer.Ordinal)
            .Select(p => KeyValuePair.Create(p.Key, (JsonNode?)p.Value)));

    private static JsonArray Events() =>
        ["push", "pull_request", "workflow_run", "deployment_status", "repository", "membership"];

    private Answer CreateToken(ApiCall call)
    {
        var organisation = Installed(call);
        if (organisation.IsSuspended) throw new Refusal(403, "This installation has been suspended");
        var permissions = (call.Body["permissions"] as JsonObject)?.ToDictionary(
            p => p.Key, p => p.Value!.GetValue<string>(), StringComparer.Ordinal);
        var maker = new Caller(CallerKind.Installation, app.Login, organisation);
        if (permissions?.All(p => maker.May($"{p.Key}:{p.Value}")) == false)
        {
            throw Refusal.Unprocessable("The permissions requested are not granted to this installation.");
        }
        var expires = state.Now.AddHours(1);
        var token = "ghs_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(18));
        var repositories = Repositories(call, organisation);
        state.Tokens[token] = maker with { Permissions = permissions, Repositories = repositories, Expires = expires };
        var granted = permissions is null
            ? Permissions(organisation)
            : new JsonObject(permissions.Select(p => KeyValuePair.Create(p.Key, (JsonNode?)p.Value)));
        return Answer.Created(new JsonObject
        {
            ["token"] = token, ["expires_at"] = RepositoryShape.Time(expires), ["permissions"] = granted,
            ["repository_selection"] = repositories is null ? "all" : "selected"
        });
    }

    private List<long>? Repositories(ApiCall call, GitHubOrganisation organisation)
    {
        if (call.Body["repository_ids"] is JsonArray ids) return [.. ids.Select(id => id!.GetValue<long>())];
        return call.Body["repositories"] is not JsonArray names ? null : [.. names.Select(name =>
            state.Find(organisation.Login, name!.GetValue<string>())?.Id ?? throw Refusal.Unprocessable(
                "There is at least one repository that does not exist or is not accessible to the parent installation."))];
    }

    private Answer DeleteToken(ApiCall call)
    {
        var header = call.Request.Headers.Authorization.ToString();
        state.Tokens.TryRemove(header[(header.IndexOf(' ') + 1)..].Trim(), out _);
        return Answer.None;
    }

    private JsonObject Limits()
    {
        return new JsonObject
        {
            ["resources"] = new JsonObject { ["core"] = Core(), ["search"] = Core() }, ["rate"] = Core()
        };

        JsonObject Core() => new()
        {
            ["limit"] = limits.Limit, ["used"] = limits.Used, ["remaining"] = limits.Remaining,
            ["reset"] = limits.Reset.ToUnixTimeSeconds()
        };
    }
}
