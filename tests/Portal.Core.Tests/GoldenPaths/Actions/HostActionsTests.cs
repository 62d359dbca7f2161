using System.Text.Json.Nodes;
using Portal.Core.Providers;
using Portal.Core.Runs;
using Portal.Core.Runs.Actions;
using Portal.Core.Shared;
using Portal.TestKit.Fakes;

namespace Portal.Core.Tests.GoldenPaths.Actions;

/// <summary>The actions that change something outside, over a provider in memory.</summary>
public sealed class HostActionsTests : IDisposable
{
    private const string Descriptor =
        "kind: Component\napiVersion: backstage.io/v1alpha1\nmetadata: { name: orders }\nspec: { type: service, lifecycle: production, owner: 'group:default/payments' }\n";

    private readonly Plans plans = new();
    private readonly RunningHost host = new();

    public HostActionsTests() => host.Workspace.Put("src/a.txt", "a");

    public void Dispose() => plans.Dispose();

    [Theory]
    [InlineData("name: orders, owner: 'group:default/payments'", "payments/orders")]
    [InlineData("name: orders, owner: payments", "payments/orders")]
    [InlineData("repoUrl: 'local?owner=shop&repo=orders'", "shop/orders")]
    [InlineData("repoUrl: 'https://local?repo=orders&owner=shop', owner: 'group:default/payments'", "shop/orders")]
    public async Task RepoCreate_Workspace_IsTheFirstCommit(string input, string name)
    {
        var output = await RunAsync($"action: 'repo:create', input: {{ {input} }}");

        Assert.Equal(name, output["repository"]!.ToString());
        Assert.Equal($"http://local/git/{name}.git", output["remoteUrl"]!.ToString());
        Assert.True(RepositoryName.TryParse(name, out var parsed));
        Assert.Equal("a", plans.Host.TreeOf(parsed.Value)!.ReadText("src/a.txt"));
    }

    [Fact]
    public async Task RepoCreate_SourcePath_CommitsThatFolder()
    {
        await RunAsync("action: 'repo:create', input: { name: orders, owner: payments, sourcePath: ./src }");

        Assert.Equal(["a.txt"], plans.Host.TreeOf(new RepositoryName("payments", "orders"))!.Files.Select(f => f.Path));
    }

    [Theory]
    [InlineData("name: orders, owner: payments, sourcePath: none", "There are no files for the repository")]
    [InlineData("name: '../orders', owner: payments", "'../orders' cannot be the name of a repository.")]
    [InlineData("name: orders, owner: 'a:b:c'", "'a:b:c' is no owner. Write an entity reference")]
    [InlineData("name: orders, owner: 'group:default/..'", "'..' cannot be an organisation.")]
    [InlineData("name: orders", "It needs 'name' and 'owner', or 'repoUrl'.")]
    [InlineData("repoUrl: 'github.com?owner=a&repo=b'", "No provider serves github.com. Served: local.")]
    [InlineData("repoUrl: 'local'", "'local' is no repository address. Write host?owner=organisation&repo=name")]
    public async Task RepoCreate_WrongInput_SaysWhatToChange(string input, string expected)
    {
        Assert.Contains(expected, await FailAsync($"action: 'repo:create', input: {{ {input} }}"));
        Assert.Empty(plans.Host.Changes);
    }

    [Fact]
    public async Task RepoCreate_NameThatIsTaken_TakesNothingOver()
    {
        await plans.HasRepositoryAsync("payments/orders");

        var error = await Assert.ThrowsAsync<ProviderException>(
            () => RunAsync("action: 'repo:create', input: { name: orders, owner: payments }"));

        Assert.Equal("The repository payments/orders exists already.", error.Message);
        Assert.Equal(0, plans.Host.TreeOf(new RepositoryName("payments", "orders"))!.Count);
    }

    [Theory]
    [InlineData("", "passed", "ci.yml")]
    [InlineData(", timeoutMinutes: 5", "passed", "ci.yml")]
    [InlineData(", timeoutMinutes: '${{ 0.5 }}'", "passed", "ci.yml")]
    [InlineData(", workflow: nightly.yml, wait: false", "running", "nightly.yml")]
    public async Task PipelineRun_Workflow_IsStartedAndWaitedFor(string more, string status, string workflow)
    {
        await plans.HasRepositoryAsync("payments/orders");
        if (status == "running") plans.Host.Pipeline = run => run;

        var output = await RunAsync(
            $"action: 'pipeline:run', input: {{ repository: 'http://local/git/payments/orders.git'{more} }}");

        Assert.Equal(
            ("run-1", "/pipelines/run-1", status),
            (output["pipelineRun"]!.ToString(), output["pipelineUrl"]!.ToString(), output["status"]!.ToString()));
        Assert.Equal((workflow, "main"), (plans.Host.Triggered[0].Workflow, plans.Host.Triggered[0].Reference));
    }

    [Theory]
    [InlineData(
        PipelineStatus.Failed,
        "The pipeline ci.yml of payments/orders failed: tests are red. Its log: /pipelines/run-1")]
    [InlineData(
        PipelineStatus.Cancelled,
        "The pipeline ci.yml of payments/orders was cancelled: tests are red. Its log: /pipelines/run-1")]
    public async Task PipelineRun_ThatDoesNotPass_FailsTheStep(PipelineStatus status, string expected)
    {
        await plans.HasRepositoryAsync("payments/orders");
        plans.Host.Pipeline = run => run with { Status = status, Failure = "tests are red." };

        Assert.Equal(expected, await FailAsync("action: 'pipeline:run', input: { repository: payments/orders }"));
    }

    [Theory]
    [InlineData("repository: orders", "'orders' is not a repository. Write organisation/name")]
    [InlineData(
        "repository: 'https://github.com/a/b'", "No provider serves https://github.com/a/b. Configured hosts: local.")]
    [InlineData("repository: payments/orders, timeoutMinutes: 0", "The input 'timeoutMinutes' must be")]
    [InlineData("repo: payments/orders", "'repo' is no input of pipeline:run.")]
    public async Task PipelineRun_WrongInput_SaysWhatToChange(string input, string expected) =>
        Assert.Contains(expected, await FailAsync($"action: 'pipeline:run', input: {{ {input} }}"));

    [Fact]
    public async Task EnvironmentCreate_Repository_GetsAnEnvironment()
    {
        await plans.HasRepositoryAsync("payments/orders");
        await RunAsync("action: 'pipeline:run', input: { repository: payments/orders }");

        var output = await RunAsync(
            "action: 'environment:create', input: { repository: payments/orders, name: test, size: medium, lifetime: 7d, reason: a demo, pipelineRun: run-1 }");

        var made = Assert.Single(plans.Records.Environments);
        Assert.Equal(
            (made.Id, "http://localhost:4711"), (output["environment"]!.ToString(), output["url"]!.ToString()));
        Assert.Matches("^orders-test-[0-9a-z]{6}$", made.Id);
        Assert.Equal(("test", "medium", TimeSpan.FromDays(7), "component:default/orders", "group:default/payments"),
            (made.Name, made.Size.Name, made.Lifetime, made.Component.ToString(), made.Owner.ToString()));
        Assert.Equal("run-1", plans.Host.Created[0].Version?.PipelineRunId);
    }

    [Theory]
    [InlineData("size: huge", "'huge' is no size of Process. Choose one of small, medium.")]
    [InlineData("name: Dev_1", "The input 'name' ")]
    [InlineData("lifetime: soon", "'soon' is no lifetime. Write 12h, 7d, 2w, or ISO 8601 such as P7D.")]
    [InlineData("lifetime: 0d", "'0d' is no lifetime.")]
    [InlineData("component: 'a:b:c'", "'a:b:c' is no component.")]
    public async Task EnvironmentCreate_WhatCannotBe_SaysWhatToChange(string input, string expected)
    {
        await plans.HasRepositoryAsync("payments/orders");

        var error = await Assert.ThrowsAnyAsync<Exception>(
            () => RunAsync($"action: 'environment:create', input: {{ repository: payments/orders, {input} }}"));

        Assert.True(error is ActionFailedException or ProviderException, error.ToString());
        Assert.Contains(expected, error.Message);
        Assert.Empty(plans.Host.Created);
    }

    [Theory]
    [InlineData(
        "repoContentsUrl: 'http://local/git/payments/orders.git'",
        "http://local/git/payments/orders.git/catalog-info.yaml")]
    [InlineData(
        "repoContentsUrl: 'http://local/git/payments/orders.git', catalogInfoPath: deploy/c.yaml",
        "http://local/git/payments/orders.git/deploy/c.yaml")]
    [InlineData(
        "catalogInfoUrl: 'http://local/git/payments/orders.git/deploy/c.yaml'",
        "http://local/git/payments/orders.git/deploy/c.yaml")]
    public async Task CatalogRegister_Descriptor_IsRegistered(string input, string url)
    {
        await plans.HasRepositoryAsync(
            "payments/orders", Trees.Of(("catalog-info.yaml", Descriptor), ("deploy/c.yaml", Descriptor)));

        var output = await RunAsync($"action: 'catalog:register', input: {{ {input} }}");

        Assert.Equal(
            ("component:default/orders", url), (output["entityRef"]!.ToString(), output["catalogInfoUrl"]!.ToString()));
        Assert.Equal("url:" + url, Assert.Single(plans.Records.Registered).Location);
    }

    [Fact]
    public async Task Plan_OfSeveralEntities_ListsAllAndWhatChanges()
    {
        const string two = Descriptor
            + "\n---\napiVersion: backstage.io/v1alpha1\nkind: API\nmetadata: { name: orders-api, tags: [a] }\nspec: { type: openapi, owner: payments }\n";
        await plans.HasRepositoryAsync("payments/orders", Trees.Of(("catalog-info.yaml", two)));
        plans.Records.Entities["api:default/orders-api"] = JsonNode.Parse("""
            { "apiVersion": "backstage.io/v1alpha1", "kind": "API", "metadata": { "name": "orders-api" }, "spec": { "type": "openapi", "owner": "storefront" } }
            """)!.AsObject();

        var plan = await plans.PlanAsync(
            "  steps: [{ id: one, action: 'catalog:register', input: { repoContentsUrl: 'http://local/git/payments/orders.git' } }]");

        var change = Assert.Single(plan.Value.Effects);
        Assert.Equal(
            ("catalog entity", "component:default/orders, api:default/orders-api (changes metadata.tags, spec.owner)"),
            (change.What, change.Name));
    }

    [Fact]
    public async Task CatalogRegister_NoDescriptor_FailsUnlessOptional()
    {
        await plans.HasRepositoryAsync("payments/orders");
        const string step =
            "action: 'catalog:register', input: { repoContentsUrl: 'http://local/git/payments/orders.git'";

        Assert.Equal(
            "payments/orders has no catalog-info.yaml. Add the descriptor to the files, correct catalogInfoPath, or set 'optional'.",
            await FailAsync(step + " }"));
        await RunAsync(step + ", optional: true }");

        Assert.Contains(
            ("payments/orders has no catalog-info.yaml. Nothing is registered.", RunEventType.Warning), host.Lines);
        Assert.Empty(plans.Records.Registered);
    }

    [Fact]
    public async Task CatalogFetch_Entities_AreRead()
    {
        plans.Records.Entities["component:default/orders"] = new JsonObject { ["kind"] = "Component" };

        Assert.Equal(
            """{"entity":{"kind":"Component"}}""",
            (await RunAsync("action: 'catalog:fetch', input: { entityRef: orders }")).ToJsonString());
        Assert.Equal("""{"entities":[{"kind":"Component"},null]}""", (await RunAsync(
            "action: 'catalog:fetch', input: { entityRefs: [orders, 'group:x'], optional: true }")).ToJsonString());
        Assert.Equal(
            "{}",
            (await RunAsync("action: 'catalog:fetch', input: { entityRef: none, optional: true }")).ToJsonString());
        Assert.Equal(
            "There is no component:default/none in the catalog. Register it, choose another, or set 'optional'.",
            await FailAsync("action: 'catalog:fetch', input: { entityRef: none }"));
        Assert.Equal(
            "'a:b:c' is no entity reference. Write kind:namespace/name.",
            await FailAsync("action: 'catalog:fetch', input: { entityRef: 'a:b:c' }"));
        Assert.Contains(
            "It needs 'entityRef', or 'entityRefs'.", await FailAsync("action: 'catalog:fetch', input: {}"));
    }

    private async Task<JsonObject> RunAsync(string step)
    {
        await plans.RunAsync($"  steps: [{{ id: one, {step} }}]", host);
        return host.Ended[^1].Output!.AsObject();
    }

    private async Task<string> FailAsync(string step) =>
        (await Assert.ThrowsAsync<ActionFailedException>(() => RunAsync(step))).Message;
}
