using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Runs;
using Portal.Core.Runs.Actions;
using Portal.TestKit;
using Portal.Web.Hosting;

namespace Portal.Web.Tests.Docs;

/// <summary>docs/rights.md says of each action and of each change what it asks: all of them, and as they do.</summary>
public sealed partial class RightsTests
{
    /// <summary>A change of somebody else's things, whichever kind it is.</summary>
    private const string Arguments = """
        {
          "provider": "forge", "repositoryProvider": "forge", "repository": "shop/orders", "name": "shop/orders", "component": "component:default/orders",
          "subject": "repo:shop/orders:environment:dev", "assignees": [], "labels": []
        }
        """;

    /// <summary>Its action is there where one is set up.</summary>
    private static readonly string[] Azure =
    [
        "--Portal:Providers:local:Enabled=false", "--Portal:Providers:azure:Type=Azure",
        "--Portal:Providers:azure:SubscriptionId=018f0000-0000-7000-8000-000000000001",
        "--Portal:Providers:azure:Location=westeurope",
        "--Portal:Providers:azure:TenantId=018f0000-0000-7000-8000-000000000002",
    ];

    private static readonly string Document = File.ReadAllText(RepositoryRoot.Combine("docs/rights.md"));

    [Fact]
    public async Task Actions_AllThatAreRegistered_StandInTheTable()
    {
        await using var services = PortalApplication.BuildServices(Azure);

        var registered = services.GetRequiredService<ActionRegistry>().All.Select(a => a.Id);

        Assert.Equal(
            registered.Order(StringComparer.Ordinal),
            Rows("| action | makes or reads |").Select(r => r.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Changes_AllKinds_AskWhatTheTableSays()
    {
        await using var services = PortalApplication.BuildServices(Azure);

        var registered = services.GetServices<RegisteredEffect>().ToDictionary(
            e => e.Kind, e => string.Join(" and ", e.Needs(Arguments).Select(Words).DefaultIfEmpty("nothing")));

        var told = Rows("| change | asks |").ToDictionary(
            r => r.Name, r => r.Told.Split('|')[0].Split(';')[0].Replace("`", "", StringComparison.Ordinal).Trim());
        Assert.Equal(
            registered.OrderBy(r => r.Key, StringComparer.Ordinal), told.OrderBy(r => r.Key, StringComparer.Ordinal));
    }

    /// <summary>An action that makes a change makes one that stands in the other table.</summary>
    [Fact]
    public void Actions_ThatChangeSomething_NameTheChange()
    {
        var kinds = Rows("| change | asks |").Select(r => r.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var (name, told) in Rows("| action | makes or reads |"))
        {
            var named = Code().Matches(told).Select(m => m.Groups["text"].Value).ToList();
            Assert.True(
                named.Count > 0 || told.Contains("nothing", StringComparison.Ordinal),
                $"{name} says neither what it makes or reads, nor that it is nothing.");
            Assert.All(named.Where(n => !n.Contains("read", StringComparison.Ordinal)), n => Assert.Contains(n, kinds));
        }
    }

    /// <summary>The rights of an issue and of a credential depend on what is asked for.</summary>
    [Theory]
    [InlineData("github.issue", "labels", """["bug"]""", "repository.push on the repository")]
    [InlineData("github.issue", "assignees", """["ada"]""", "repository.push on the repository")]
    [InlineData("github.issue", "milestone", "3", "repository.push on the repository")]
    [InlineData(
        "azure.federated-credential", "subject", "\"repo:evil/orders:environment:dev\"",
        "portal.administer everywhere")]
    [InlineData(
        "azure.federated-credential", "subject", "\"repo:shop/orders-evil:environment:dev\"",
        "portal.administer everywhere")]
    [InlineData("azure.federated-credential", "subject", "\"repo:*\"", "portal.administer everywhere")]
    [InlineData("azure.federated-credential", "repository", "\"the repository\"", "portal.administer everywhere")]
    public async Task Change_WithMoreInIt_AsksForMore(string kind, string member, string value, string asks)
    {
        await using var services = PortalApplication.BuildServices(Azure);
        var arguments = JsonNode.Parse(Arguments)!.AsObject();
        arguments[member] = JsonNode.Parse(value);

        var needs = services.GetServices<RegisteredEffect>().Single(e => e.Kind == kind)
            .Needs(arguments.ToJsonString(JsonSerializerOptions.Default));

        Assert.Equal(asks, string.Join(" and ", needs.Select(Words)));
    }

    private static string Words(NeededRight need) => need switch
    {
        RightOnRepository { OfAbsentToo: true } r => $"{r.Permission} on the repository, or everywhere where nobody has it",
        RightOnRepository r => $"{r.Permission} on the repository",
        RightOnOwned r => $"{r.Permission} on the environment",
        RightOnEntity e => $"{e.Permission} on the entity",
        _ => $"{need.Permission} everywhere",
    };

    private static IEnumerable<(string Name, string Told)> Rows(string head)
    {
        var lines = Document.Split('\n').SkipWhile(l => l != head).Skip(2).TakeWhile(l => l.StartsWith('|')).ToList();
        Assert.NotEmpty(lines);
        return lines.SelectMany(l =>
        {
            var cells = l.Trim('|', ' ').Split('|', 2);
            return Code().Matches(cells[0]).Select(m => (m.Groups["text"].Value, cells[1]));
        });
    }

    [GeneratedRegex("`(?<text>[^`]+)`", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Code();
}
