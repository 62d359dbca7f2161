using System.Text.Json.Nodes;
using Portal.TestKit.GitHub;

namespace Portal.Providers.Tests.GitHub.World;

public sealed class WorldSettingsTests : IAsyncLifetime
{
    private const string Root = "repos/shop/orders";

    private GitHubWorld world = null!;
    private GitHubCaller caller = null!;

    public async ValueTask InitializeAsync()
    {
        world = await GitHubWorld.StartAsync();
        caller = await GitHubCaller.OfInstallationAsync(world);
        await world.AddRepositoryAsync("shop/orders", ("a.txt", "one"));
    }

    public async ValueTask DisposeAsync()
    {
        caller.Dispose();
        await world.DisposeAsync();
    }

    [Theory]
    [InlineData(
        "PUT", "actions/permissions", """{"enabled":true,"allowed_actions":"selected"}""", "allowed_actions",
        "selected")]
    [InlineData(
        "PUT", "actions/permissions/workflow", """{"default_workflow_permissions":"write"}""",
        "default_workflow_permissions", "write")]
    [InlineData(
        "PUT", "actions/permissions/access", """{"access_level":"organization"}""", "access_level", "organization")]
    [InlineData(
        "PUT", "actions/permissions/selected-actions", """{"github_owned_allowed":true}""", "github_owned_allowed",
        "true")]
    [InlineData(
        "PUT", "actions/oidc/customization/sub", """{"use_default":false,"include_claim_keys":["repo"]}""",
        "use_default", "false")]
    [InlineData("PATCH", "code-scanning/default-setup", """{"state":"configured"}""", "state", "configured")]
    [InlineData(
        "PUT", "branches/main/protection",
        """{"required_status_checks":{"strict":true,"contexts":["build"]},"enforce_admins":true,"required_pull_request_reviews":{"required_approving_review_count":2},"restrictions":{"users":["ada"],"teams":["checkout"]}}""",
        "enforce_admins/enabled", "true")]
    [InlineData(
        "PUT", "environments/live%20one",
        """{"wait_timer":30,"deployment_branch_policy":{"protected_branches":false,"custom_branch_policies":true}}""",
        "name", "live one")]
    [InlineData("PUT", "topics", """{"names":["Web","shop"]}""", "names/0", "web")]
    public async Task Set_AndRead_IsWhatWasSet(string method, string path, string body, string place, string value)
    {
        await caller.DoAsync(method, $"{Root}/{path}", JsonNode.Parse(body));

        var read = await caller.GetAsync($"{Root}/{path}");

        foreach (var part in place.Split('/')) read = int.TryParse(part, out var index) ? read[index]! : read[part]!;
        Assert.Equal(value, read.ToString());
        world.AssertNoViolations();
    }

    [Theory]
    [InlineData("autolinks", """{"key_prefix":"SHOP-","url_template":"https://example.com/<num>"}""", "id")]
    [InlineData("keys", """{"title":"deploy","key":"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ"}""", "id")]
    [InlineData(
        "rulesets",
        """{"name":"main","enforcement":"active","conditions":{"ref_name":{"include":["~DEFAULT_BRANCH"],"exclude":[]}},"rules":[{"type":"deletion"},{"type":"pull_request","parameters":{"required_approving_review_count":1,"dismiss_stale_reviews_on_push":true,"require_code_owner_review":false,"require_last_push_approval":false,"required_review_thread_resolution":true}}]}""",
        "id")]
    [InlineData("actions/variables", """{"name":"REGION","value":"north"}""", "=REGION")]
    [InlineData("labels", """{"name":"bug"}""", "=bug")]
    public async Task Make_ListAndRemove_LeavesNothing(string path, string body, string key)
    {
        var before = world.Listing;
        var made = await caller.PostAsync($"{Root}/{path}", JsonNode.Parse(body));
        var list = await caller.GetAsync($"{Root}/{path}");
        Assert.Single(list is JsonArray all ? all : list["variables"]!.AsArray());
        Assert.NotEqual(before, world.Listing);
        Assert.InRange((await caller.SendAsync("POST", $"{Root}/{path}", JsonNode.Parse(body))).Status, 409, 422);

        await caller.DoAsync("DELETE", $"{Root}/{path}/{(key[0] == '=' ? key[1..] : made[key])}");

        Assert.Equal(before, world.Listing);
        Assert.Empty(world.Ledger.Duplicates);
        world.AssertNoViolations();
    }

    [Fact]
    public async Task Environment_ReviewersPoliciesAndVariables_GoWithIt()
    {
        var before = world.Listing;
        var team = await caller.GetAsync("orgs/shop/teams/platform");
        var made = await caller.DoAsync("PUT", $"{Root}/environments/live", new JsonObject
        {
            ["wait_timer"] = 5, ["prevent_self_review"] = true,
            ["reviewers"] = new JsonArray(new JsonObject { ["type"] = "Team", ["id"] = (long)team["id"]! }),
            ["deployment_branch_policy"] =
                new JsonObject { ["protected_branches"] = false, ["custom_branch_policies"] = true },
        });
        Assert.Equal(
            ["wait_timer", "required_reviewers", "branch_policy"],
            made["protection_rules"]!.AsArray().Select(r => (string)r!["type"]!));
        await caller.PostAsync(
            $"{Root}/environments/live/deployment-branch-policies", new JsonObject { ["name"] = "release/*" });
        await caller.PostAsync(
            $"{Root}/environments/live/variables", new JsonObject { ["name"] = "region", ["value"] = "north" });
        Assert.Equal("north", (string)(await caller.GetAsync($"{Root}/environments/live/variables/REGION"))["value"]!);
        Assert.Empty((await caller.GetAsync($"{Root}/actions/variables"))["variables"]!.AsArray());
        Assert.Equal(32, Convert.FromBase64String(
            (string)(await caller.GetAsync($"{Root}/environments/live/secrets/public-key"))["key"]!).Length);

        await caller.DoAsync("DELETE", $"{Root}/environments/live");

        Assert.Equal(before, world.Listing);
        world.AssertNoViolations();
    }

    [Fact]
    public async Task Secret_SealedForAnotherKey_IsRefused()
    {
        var key = await caller.GetAsync($"{Root}/actions/secrets/public-key");

        var refused = await caller.SendAsync("PUT", $"{Root}/actions/secrets/TOKEN", new JsonObject
        {
            ["key_id"] = (string)key["key_id"]!, ["encrypted_value"] = Convert.ToBase64String(new byte[64])
        });

        Assert.Equal(422, refused.Status);
        Assert.Empty(world.Secrets("shop/orders"));
    }

    [Fact]
    public async Task Access_OfTeamsAndPeople_IsKept()
    {
        await caller.DoAsync(
            "PUT", "orgs/shop/teams/checkout/repos/shop/orders", new JsonObject { ["permission"] = "maintain" });
        Assert.Equal("maintain", (string)(await caller.GetAsync($"{Root}/teams"))[0]!["permission"]!);
        Assert.Equal(204, (await caller.SendAsync(
            "PUT", $"{Root}/collaborators/ada", new JsonObject { ["permission"] = "admin" })).Status);
        Assert.Equal(201, (await caller.SendAsync(
            "PUT", $"{Root}/collaborators/grace", new JsonObject { ["permission"] = "push" })).Status);
        Assert.Equal("write", (string)(await caller.GetAsync($"{Root}/collaborators/grace/permission"))["permission"]!);
        Assert.Equal(2, (await caller.GetAsync($"{Root}/collaborators")).AsArray().Count);

        await caller.DoAsync("DELETE", "orgs/shop/teams/checkout/repos/shop/orders");
        await caller.DoAsync("DELETE", $"{Root}/collaborators/grace");

        Assert.Empty((await caller.GetAsync($"{Root}/teams")).AsArray());
        Assert.Equal(404, (await caller.SendAsync("GET", $"{Root}/collaborators/grace")).Status);
        world.AssertNoViolations();
    }

    [Fact]
    public async Task Deployment_WithItsStatus_IsFound()
    {
        var made = await caller.PostAsync($"{Root}/deployments", new JsonObject
        {
            ["ref"] = "main", ["environment"] = "live", ["required_contexts"] = new JsonArray(), ["auto_merge"] = false
        });
        await caller.PostAsync(
            $"{Root}/deployments/{made["id"]}/statuses",
            new JsonObject { ["state"] = "success", ["environment_url"] = "https://live.example.com" });

        Assert.Single((await caller.GetAsync($"{Root}/deployments?environment=live")).AsArray());
        Assert.Equal(
            "success", (string)(await caller.GetAsync($"{Root}/deployments/{made["id"]}/statuses"))[0]!["state"]!);
        world.AssertNoViolations();
    }

    [Fact]
    public async Task Organisation_MembersTeamsAndProperties_AreTold()
    {
        world.AddProperty("shop", "cost-centre");
        await caller.DoAsync("PATCH", $"{Root}/properties/values", new JsonObject { ["properties"] = new JsonArray(
            new JsonObject { ["property_name"] = "cost-centre", ["value"] = "42" }) });

        Assert.Equal("42", (string)(await caller.GetAsync($"{Root}/properties/values"))[0]!["value"]!);
        Assert.Equal(
            "cost-centre", (string)(await caller.GetAsync("orgs/shop/properties/schema"))[0]!["property_name"]!);
        Assert.Equal(
            ["ada", "alan"], (await caller.GetAsync("orgs/shop/members")).AsArray().Select(m => (string)m!["login"]!));
        Assert.Equal(
            ["checkout", "platform"],
            (await caller.GetAsync("orgs/shop/teams")).AsArray().Select(t => (string)t!["slug"]!));
        Assert.Equal("ada", (string)(await caller.GetAsync("orgs/shop/teams/checkout/members"))[0]!["login"]!);
        Assert.Equal("shop", (string)(await caller.GetAsync("orgs/shop"))["login"]!);
        Assert.Equal("ada", (string)(await caller.GetAsync("users/ada"))["login"]!);
        Assert.Equal("admin", (string)(await caller.GetAsync("orgs/shop/memberships/ada"))["role"]!);
        await caller.GetAsync("rate_limit");
        world.AssertNoViolations();
    }

    [Fact]
    public async Task Security_Pages_AndAlerts_AreSwitched()
    {
        await caller.DoAsync("PATCH", Root, new JsonObject { ["security_and_analysis"] = new JsonObject
        {
            ["secret_scanning"] = new JsonObject { ["status"] = "enabled" }
        } });
        Assert.Equal(
            "enabled", (string)(await caller.GetAsync(Root))["security_and_analysis"]!["secret_scanning"]!["status"]!);
        Assert.Equal(404, (await caller.SendAsync("GET", $"{Root}/vulnerability-alerts")).Status);
        await caller.DoAsync("PUT", $"{Root}/vulnerability-alerts");
        await caller.DoAsync("PUT", $"{Root}/automated-security-fixes");
        Assert.True((bool)(await caller.GetAsync($"{Root}/automated-security-fixes"))["enabled"]!);
        await caller.PostAsync($"{Root}/pages", new JsonObject { ["build_type"] = "workflow" });
        Assert.Equal("workflow", (string)(await caller.GetAsync($"{Root}/pages"))["build_type"]!);
        await caller.DoAsync("DELETE", $"{Root}/pages");
        world.AssertNoViolations();
    }
}
