using System.Text.RegularExpressions;
using Portal.TestKit;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace Portal.Web.Tests.Hosting;

/// <summary>
/// What the files of <c>deploy/</c> say to each other; nothing else reads them before an operator does.
/// </summary>
public sealed partial class DeployFilesTests
{
    [Fact]
    public void Compose_EveryReplica_HasANameOfItsOwnAndIsKnownToTheProxy()
    {
        var services = Map(Compose()["services"]).Where(s => Text(s.Key).StartsWith(
            "portal-", StringComparison.Ordinal)).ToDictionary(s => Text(s.Key), s => Map(s.Value));
        var upstream = File.ReadAllText(RepositoryRoot.Combine("deploy", "nginx", "upstream.conf"));

        Assert.Equal(3, services.Count);
        foreach (var (name, service) in services)
        {
            Assert.Equal(name, Map(service["environment"])["Portal__Replica__Name"]);
            var address = Text(Map(Map(service["networks"])["portal"])["ipv4_address"]);
            Assert.Contains($"server {address}:8080 ", upstream, StringComparison.Ordinal);
        }

        Assert.Equal(services.Count, Regex.Count(upstream, "^server ", RegexOptions.Multiline));
    }

    [Fact]
    public void Compose_EveryReplica_MayNotWriteToItsRootAndHoldsNoRight()
    {
        foreach (var (name, service) in Map(Compose()["services"]).Where(
            s => Text(s.Key).StartsWith("portal-", StringComparison.Ordinal)))
        {
            var replica = Map(service);
            Assert.Equal("true", replica["read_only"]);
            Assert.Equal(["ALL"], Assert.IsType<List<object>>(replica["cap_drop"]));
            Assert.True(
                Map(replica["environment"]).ContainsKey("Portal__Keys__Certificate"),
                $"{name} has no certificate for its keys");
        }
    }

    [Fact]
    public void Chart_EveryValueThatTemplatesRead_IsDeclared()
    {
        var values = new DeserializerBuilder().Build()
            .Deserialize<Dictionary<object, object>>(File.ReadAllText(Chart("values.yaml")));
        var read = Directory.GetFiles(Chart("templates")).SelectMany(file => Value().Matches(File.ReadAllText(file)))
            .Select(m => m.Groups[1].Value).Distinct().ToList();

        Assert.True(read.Count > 10);
        foreach (var path in read)
        {
            object? at = values;
            foreach (var name in path.Split('.'))
            {
                Assert.True(
                    at is Dictionary<object, object> map && map.TryGetValue(name, out at), $"values.yaml lacks {path}");
            }
        }
    }

    [Fact]
    public void Proxies_BothKeepABrowserByTheSameCookie()
    {
        Assert.Contains(
            "portal_node=$request_id", File.ReadAllText(RepositoryRoot.Combine("deploy", "nginx", "nginx.conf")),
            StringComparison.Ordinal);
        Assert.Contains(
            "session-cookie-name: portal_node", File.ReadAllText(Path.Combine(Chart("templates"), "ingress.yaml")),
            StringComparison.Ordinal);
    }

    private static string Chart(string path) => RepositoryRoot.Combine("deploy", "helm", "portal", path);

    private static Dictionary<object, object> Compose()
    {
        using var file = File.OpenText(RepositoryRoot.Combine("deploy", "compose.yaml"));
        return new DeserializerBuilder().Build()
            .Deserialize<Dictionary<object, object>>(new MergingParser(new Parser(file)));
    }

    private static Dictionary<object, object> Map(object value) => Assert.IsType<Dictionary<object, object>>(value);

    private static string Text(object value) => Assert.IsType<string>(value);

    [GeneratedRegex(@"\.Values\.([A-Za-z.]+)")]
    private static partial Regex Value();
}
