using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Portal.E2E.Tests.Durability;
using Portal.E2E.Tests.Hosting;
using Portal.E2E.Tests.Journeys;
using Portal.TestKit;
using Portal.TestKit.Postgres;

namespace Portal.E2E.Tests.Attacks;

/// <summary>A real portal process, and what an attacker with the rights of a developer does with it.</summary>
public sealed class AttackedPortal(PostgresFixture postgres) : IAsyncLifetime
{
    private readonly TemplateFolder templates = new();
    private DurablePortal? portal;

    internal DurablePortal Portal => portal!;

    internal HttpClient Ada => Portal.Client;

    public async ValueTask InitializeAsync() => portal = await DurablePortal.StartAsync(postgres, templates);

    public async ValueTask DisposeAsync()
    {
        if (portal is not null) await portal.DisposeAsync();
        templates.Dispose();
    }

    /// <summary>Makes repositories with one file each.</summary>
    internal async Task CreateAsync(string template, IReadOnlyDictionary<string, string> descriptors)
    {
        var steps = new List<string>();
        foreach (var (name, text) in descriptors)
        {
            templates.Write($"{template}/{name}/catalog-info.yaml", text);
            steps.Add(
                $"    - {{ id: fetch-{name}, name: Fetch, action: 'fetch:plain', input: {{ url: './{name}', targetPath: './{name}' }} }}");
            steps.Add(
                $"    - {{ id: publish-{name}, name: Publish, action: 'repo:create', input: {{ name: '{name}', owner: 'group:default/orders', sourcePath: './{name}' }} }}");
            steps.Add(
                $"    - {{ id: register-{name}, name: Register, action: 'catalog:register', input: {{ repoContentsUrl: '${{{{ steps[\"publish-{name}\"].output.repoContentsUrl }}}}' }} }}");
        }
        templates.Write($"{template}/template.yaml", $$"""
            apiVersion: scaffolder.backstage.io/v1beta3
            kind: Template
            metadata: { name: {{template}}, title: {{template}} }
            spec:
              owner: group:default/platform
              type: service
              parameters:
                - title: It
                  properties:
                    owner: { title: Owner, type: string, ui:field: OwnerPicker }
              steps:
            {{string.Join('\n', steps)}}
            """);
        await Ada.KnowsTemplateAsync(template);
        await Ada.CompletedAsync(await Ada.StartAsync(template, new JsonObject { ["owner"] = "group:default/orders" }));
    }

    internal async Task<GitClient> CloneAsync(string name)
    {
        var git = new GitClient(Ada.DefaultRequestHeaders.Authorization!.Parameter!);
        await git.CloneAsync($"{Portal.Process.Address}git/orders/{name}.git");
        return git;
    }

    internal Task HasAsync(string search, int total) => Eventually.TrueAsync(
        async () => await Ada.CountAsync($"/api/v1/catalog/entities?search={search}&limit=1") == total,
        $"{total} entities {search}", TimeSpan.FromMinutes(1));

    internal async Task<JsonArray> PipelinesAsync(string repository) =>
        (await Ada.GetFromJsonAsync<JsonObject>(
            $"/api/v1/pipelines?repository=orders/{repository}&limit=100"))!["items"]!.AsArray();

    /// <summary>Does it, and asserts what it took at most; the portal lives and answers afterwards.</summary>
    internal async Task MeasureAsync(string what, double most, Func<Task> attack)
    {
        var id = Portal.Process.Id;
        await Portal.Process.ForgetPeakAsync();
        var before = Portal.Process.ResidentMib();

        await attack();

        if (Portal.Process.Id != id) before = 0;
        var peak = Portal.Process.PeakMib();
        TestContext.Current.TestOutputHelper?.WriteLine($"{what}: {before:0} MiB before, {peak:0} MiB at most");
        Assert.False(Portal.Process.HasExited, $"{what}: the portal ended:\n{Portal.Process.Output}");
        using var answer = await Ada.GetAsync("/health/ready");
        Assert.True(answer.IsSuccessStatusCode, what);
        Assert.True(peak < most, $"{what}: {peak:0} MiB at most, {before:0} MiB before; {most:0} are allowed");
    }
}
