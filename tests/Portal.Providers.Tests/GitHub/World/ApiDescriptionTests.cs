using System.Text.Json.Nodes;
using Portal.TestKit.GitHub.Description;

namespace Portal.Providers.Tests.GitHub.World;

public sealed class ApiDescriptionTests
{
    [Fact]
    public async Task Bodies_OfAllOperations_AreUnderstoodWhole()
    {
        var description = await ApiDescription.LoadAsync();
        var bodies = description.Operations.Where(operation => operation.Body is not null).ToList();

        Assert.True(bodies.Count > 50);
        Assert.All(bodies, operation =>
        {
            Assert.Empty(operation.Body!.Problems);
            Assert.Empty(operation.Body.Unsupported);
        });
    }

    [Theory]
    [InlineData(
        "GET", "/repos/shop/orders/contents/src/a%20b/c.txt", "GET /repos/{owner}/{repo}/contents/{path}", "path",
        "src/a b/c.txt")]
    [InlineData(
        "GET", "/repos/shop/orders/git/ref/heads/topic/one", "GET /repos/{owner}/{repo}/git/ref/{ref}", "ref",
        "heads/topic/one")]
    [InlineData(
        "PUT", "/repos/shop/orders/branches/topic/one/protection",
        "PUT /repos/{owner}/{repo}/branches/{branch}/protection", "branch", "topic/one")]
    [InlineData(
        "GET", "/repos/shop/orders/environments/live%2Fone",
        "GET /repos/{owner}/{repo}/environments/{environment_name}", "environment_name", "live/one")]
    [InlineData(
        "GET", "/repos/shop/orders/actions/secrets/public-key", "GET /repos/{owner}/{repo}/actions/secrets/public-key",
        "repo", "orders")]
    public async Task Find_PathWithValues_IsTheOperationThatGitHubMeans(
        string method, string path, string operation, string name, string value)
    {
        var found = (await ApiDescription.LoadAsync()).Find(method, path);

        Assert.Equal((operation, value), (found!.Value.Operation.Name, found.Value.Values[name]));
    }

    [Theory]
    [InlineData(
        "POST /repos/{owner}/{repo}/git/trees", """{"tree":[{"path":"a","mode":"100644","type":"blob","sha":null}]}""",
        true)]
    [InlineData("POST /repos/{owner}/{repo}/git/trees", """{"tree":[{"path":null}]}""", false)]
    [InlineData("POST /repos/{owner}/{repo}/git/trees", """{"tree":[{"path":"a","modus":"100644"}]}""", false)]
    [InlineData(
        "POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches",
        """{"ref":"main","inputs":{"anything":"x"}}""", true)]
    [InlineData(
        "PUT /repos/{owner}/{repo}/branches/{branch}/protection",
        """{"required_status_checks":null,"enforce_admins":null,"required_pull_request_reviews":null,"restrictions":null}""",
        true)]
    [InlineData(
        "PUT /repos/{owner}/{repo}/branches/{branch}/protection",
        """{"required_status_checks":null,"enforce_admins":null,"restrictions":null}""", false)]
    [InlineData(
        "POST /repos/{owner}/{repo}/rulesets", """{"name":"a","enforcement":"active","rules":[{"type":"deletion"}]}""",
        true)]
    [InlineData(
        "POST /repos/{owner}/{repo}/rulesets",
        """{"name":"a","enforcement":"active","rules":[{"type":"no_such_rule"}]}""", false)]
    [InlineData("POST /orgs/{org}/repos", """{"name":"a","visibility":"internal"}""", true)]
    public async Task Body_SuchAsThis_IsTakenOrNot(string operation, string body, bool isTaken)
    {
        var schema = (await ApiDescription.LoadAsync()).Operations.Single(o => o.Name == operation).Body!;

        Assert.Equal(isTaken, schema.IsValid(JsonNode.Parse(body)));
    }
}
