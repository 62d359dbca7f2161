using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Portal.Core.GoldenPaths.Forms;
using Portal.Core.Shared;
using Portal.TestKit;

namespace Portal.Core.Tests.GoldenPaths.Templates;

/// <summary>What holds for every golden path that the portal ships, whatever it makes.</summary>
public sealed partial class ShippedTemplatesTests
{
    private static readonly string Folder = RepositoryRoot.Combine("templates", "golden-paths");

    public static TheoryData<string> Names => [.. Directory.EnumerateDirectories(Folder)
        .Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    public static TheoryData<string, string> Cases()
    {
        var data = new TheoryData<string, string>();
        foreach (var template in Names)
        {
            foreach (var @case in ReadCases(template.Data)) data.Add(template.Data, (string)@case["name"]!);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Form_NameAndOwner_IsEnough(string template)
    {
        var form = ReadForm(template);

        Assert.Empty(form.Problems);
        Assert.Empty(form.Unsupported);
        Assert.Empty(form.Warnings);
        Assert.Empty(form.Validate(new JsonObject { ["name"] = "order-status", ["owner"] = "group:default/payments" }));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Case_ItsParameters_AreRefusedWhereItSays(string template, string name)
    {
        var @case = ReadCases(template).Single(entry => (string)entry["name"]! == name);
        var expected = @case["expect"]!["errors"]?.AsArray().Select(error => (string)error!["path"]!) ?? [];

        var errors = ReadForm(template).Validate(@case["parameters"]!.DeepClone().AsObject());

        Assert.Equal(
            expected.Order(StringComparer.Ordinal),
            errors.Select(error => error.Path).Distinct().Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Workflow_EveryAction_IsPinnedByCommit(string template)
    {
        var uses = Lines(template, "*.yml", Path.Combine("skeleton", ".github", "workflows")).Where(
            line => line.Contains(" uses: ", StringComparison.Ordinal)).ToList();

        Assert.NotEmpty(uses);
        Assert.All(uses, line => Assert.Matches(PinnedAction(), line));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Dockerfile_EveryBase_IsPinnedByDigestAndTheLastUserHasNoRights(string template)
    {
        var lines = Lines(template, "Dockerfile", "skeleton").ToList();

        Assert.All(
            lines.Where(line => line.StartsWith("FROM ", StringComparison.Ordinal)),
            line => Assert.Matches(PinnedImage(), line));
        Assert.DoesNotMatch("root|^USER 0", lines.Last(line => line.StartsWith("USER ", StringComparison.Ordinal)));
    }

    /// <summary>
    /// A lock file with addresses would send every build to the registry that happened to be near when it was written.
    /// </summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void LockFile_Always_NamesNoRegistry(string template)
        => Assert.DoesNotContain(
            Lines(template, "package*lock.json", "skeleton"),
            line => line.Contains("\"resolved\": \"http", StringComparison.Ordinal));

    private static FormDefinition ReadForm(string template) =>
        FormDefinition.Parse(ReadYaml(template, "template.yaml")["spec"]!["parameters"]!.DeepClone());

    private static IEnumerable<JsonNode> ReadCases(string template) =>
        ReadYaml(template, "tests", "cases.yaml")["cases"]!.AsArray().OfType<JsonNode>();

    private static JsonNode ReadYaml(string template, params string[] path)
        => Yaml.Parse(File.ReadAllText(Path.Combine([Folder, template, .. path]))).Single().Root!;

    private static IEnumerable<string> Lines(string template, string pattern, string below)
        => Directory.EnumerateFiles(Path.Combine(Folder, template, below), pattern, SearchOption.AllDirectories)
            .SelectMany(File.ReadLines);

    // A workflow of the repository itself needs no pin: it is part of the commit.
    [GeneratedRegex(@" uses: (\./|[\w./-]+@[0-9a-f]{40} # v\d)")]
    private static partial Regex PinnedAction();

    [GeneratedRegex(@"^FROM \S+@sha256:[0-9a-f]{64}( AS \w+)?$")]
    private static partial Regex PinnedImage();
}
