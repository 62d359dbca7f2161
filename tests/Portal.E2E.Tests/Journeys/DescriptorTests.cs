using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.Core.Shared.Files;
using Portal.E2E.Tests.Hosting;
using Portal.TestKit;

namespace Portal.E2E.Tests.Journeys;

/// <summary>A descriptor in a repository is in the catalog, and stays what it is there.</summary>
public sealed class DescriptorTests(SharedPortal shared)
{
    private const string Text =
        "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: { name: NAME, description: first }\nspec: { type: service, lifecycle: production, owner: orders }\n";

    [Fact]
    public async Task Push_OfADescriptor_IsInTheCatalogSoonAfter()
    {
        var portal = await shared.PortalAsync();
        using var client = await portal.ClientAsync("ada");
        using var git = new GitClient(await portal.TokenAsync("ada"));
        var name = await CreateAsync(portal, "pushed");
        await git.CloneAsync(portal.Services.GetRequiredService<IRepositoryHost>().CloneUrl(name));

        git.Replace("catalog-info.yaml", "first", "second");
        await git.CommitAndPushAsync("Say it better");
        await DescribedAsync(client, name, "second");

        git.Replace("catalog-info.yaml", "second", "third");
        await git.CommitAndPushAsync("Say it even better");
        await DescribedAsync(client, name, "third");
    }

    [Fact]
    public async Task Pages_OfDiscoveryAndProviders_ShowWhatIsThere()
    {
        var portal = await shared.PortalAsync();
        using var client = await SignedInAsync(portal, "user:default/ada");
        using var api = await portal.ClientAsync("ada");
        using var git = new GitClient(await portal.TokenAsync("ada"));
        var name = await CreateAsync(portal, "shown");
        await git.CloneAsync(portal.Services.GetRequiredService<IRepositoryHost>().CloneUrl(name));
        git.Replace("catalog-info.yaml", "first", "second");
        await git.CommitAndPushAsync("Say it better");
        await DescribedAsync(api, name, "second");

        var discovery = await client.GetStringAsync($"/catalog/discovery?q={name.Name}");
        var providers = await client.GetStringAsync("/providers");

        Assert.Contains(name.ToString(), discovery, StringComparison.Ordinal);
        Assert.Contains("In the catalog", discovery, StringComparison.Ordinal);
        Assert.Contains("Repositories, Pipelines, Environments, Discovery", providers, StringComparison.Ordinal);
    }

    private static async Task<RepositoryName> CreateAsync(PortalHost portal, string prefix)
    {
        var name = new RepositoryName("orders", $"{prefix}-{Guid.NewGuid():N}"[..20]);
        var tree = new FileTree([new TreeFile(
            "catalog-info.yaml",
            System.Text.Encoding.UTF8.GetBytes(Text.Replace("NAME", name.Name, StringComparison.Ordinal)))]);
        await portal.Services.GetRequiredService<IRepositoryHost>().CreateAsync(
            new CreateRepository(
                name, "", "main", tree, "First", new CommitAuthor("Ada", "ada@example.test", DateTimeOffset.UtcNow),
                "by hand", "group:default/orders"), CancellationToken.None);
        return name;
    }

    private static Task DescribedAsync(HttpClient client, RepositoryName name, string description) =>
        Eventually.TrueAsync(async () =>
        {
            using var answer = await client.GetAsync($"/api/v1/catalog/entities/component/default/{name.Name}");
            return answer.StatusCode == HttpStatusCode.OK
                && (await answer.Content.ReadAsStringAsync()).Contains($"\"{description}\"", StringComparison.Ordinal);
        }, $"the description of {name} to be '{description}'");

    private static async Task<HttpClient> SignedInAsync(PortalHost portal, string person)
    {
        var client = new HttpClient(
            new HttpClientHandler { CookieContainer = new CookieContainer() }) { BaseAddress = portal.Address };
        // As a browser says whose page asks.
        client.DefaultRequestHeaders.Add("Origin", portal.Address.GetLeftPart(UriPartial.Authority));
        var form = await client.GetStringAsync("/sign-in");
        var token = Regex.Match(
            form, "name=\"__RequestVerificationToken\"[^>]*value=\"(?<token>[^\"]+)\"", RegexOptions.None,
            TimeSpan.FromSeconds(1)).Groups["token"].Value;
        using var answer = await client.PostAsync("/sign-in", new FormUrlEncodedContent(
            [new("person", person), new("returnUrl", "/"), new("__RequestVerificationToken", token)]));
        answer.EnsureSuccessStatusCode();
        return client;
    }
}
