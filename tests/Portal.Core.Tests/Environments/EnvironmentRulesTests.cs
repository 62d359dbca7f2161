using System.Text.Json.Nodes;
using Portal.Core.Environments;
using Portal.Core.Environments.Actions.Operations;
using Portal.Core.Providers;
using Portal.Core.Shared;

namespace Portal.Core.Tests.Environments;

public sealed class EnvironmentRulesTests
{
    private static readonly JsonObject Tier = JsonNode.Parse("""
        { "type": "object", "required": ["tier"], "properties": { "tier": { "type": "string" } } }
        """)!.AsObject();

    private static readonly EnvironmentRules Rules = new(EnvironmentRules.All);

    private static readonly IntendedEnvironment Fine = new(
        EnvironmentChange.Created, OperationName.Create, EntityRef.Component("orders"), "dev", "dev")
    {
        Offered =
        [
            new EnvironmentDefinition("process", "Process", "", [SizeOf("small"), SizeOf("large")], []),
            new EnvironmentDefinition("database", "Database", "", [SizeOf("tiny")], Tier),
        ],
    };

    public static TheoryData<IntendedEnvironment, string, string> Wrong() => new()
    {
        { Fine with { Name = "Dev" }, "/name", "name-invalid" },
        { Fine with { Type = "stage" }, "/type", "type-unknown" },
        { Fine with { Reason = new string('a', 501) }, "/reason", "reason-too-long" },
        { Fine with { Lifetime = TimeSpan.FromSeconds(59) }, "/lifetime", "lifetime-invalid" },
        { Fine with { Lifetime = TimeSpan.FromDays(366) }, "/lifetime", "lifetime-invalid" },
        { Fine with { Definition = "cluster" }, "/definition", "definition-unknown" },
        { Fine with { Size = "tiny" }, "/size", "size-unknown" },
        { Fine with { Definition = "database" }, "/parameters/tier", "parameters-invalid" },
        { Fine with { Change = EnvironmentChange.Adopted, AdoptedFrom = "" }, "/externalId", "external-id-missing" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void WhyNot_OneThingWrong_NamesItsFieldAndInWordsItsCode(IntendedEnvironment asked, string path, string code)
    {
        Assert.Equal([path], Rules.WhyNot(asked)!.Fields.Select(f => f.Path));
        var words = Rules.WhyNotInWords(asked)!;
        Assert.Equal((code, ErrorKind.Invalid), (words.Code, words.Kind));
        Assert.StartsWith(
            $"Environment {asked.Name} of orders: {path.TrimStart('/')}: ", words.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WhyNot_SeveralThingsWrong_NamesThemAll() => Assert.Equal(
        ["/name", "/type", "/size"],
        Rules.WhyNot(Fine with { Name = "", Type = "", Size = "huge" })!.Fields.Select(f => f.Path));

    [Fact]
    public void WhyNot_NothingWrong_IsNull()
    {
        Assert.Null(Rules.WhyNot(Fine));
        Assert.Null(Rules.WhyNot(Fine with { Definition = "Process", Size = "LARGE" }));
        Assert.Null(
            Rules.WhyNotInWords(Fine with { Lifetime = TimeSpan.FromDays(365), Reason = new string('a', 500) }));
    }

    /// <summary>What rules were when it was made does not keep anybody from using or ending it.</summary>
    [Theory]
    [InlineData(EnvironmentChange.Changed)]
    [InlineData(EnvironmentChange.Extended)]
    [InlineData(EnvironmentChange.Ended)]
    public void WhyNot_ThereAlreadyWithAnOlderNameAndType_IsNull(EnvironmentChange change) => Assert.Null(
        Rules.WhyNot(Fine with { Change = change, Name = "Old_Name", Type = "stage", Size = "gone" }));

    /// <summary>As the comment of the class shows it.</summary>
    [Fact]
    public void WhyNot_ARuleMoreOfAType_HoldsForItAlone()
    {
        var rules = new EnvironmentRules([.. EnvironmentRules.All, ProdNeedsReason]);

        Assert.Equal(["/reason"], rules.WhyNot(Fine with { Type = "prod" })!.Fields.Select(f => f.Path));
        Assert.Null(rules.WhyNot(Fine with { Type = "prod", Reason = "The shop opens." }));
        Assert.Null(rules.WhyNot(Fine));
        Assert.Null(rules.WhyNot(Fine with { Type = "prod", Change = EnvironmentChange.Ended }));
    }

    internal static EnvironmentRule ProdNeedsReason { get; } = new(
        "reason-missing", EnvironmentChange.Made,
        asked => asked is { Type: "prod", Reason: null or "" }
            ? [new FieldError("/reason", "Say what it is for: an environment of type prod needs a reason.")]
            : []);

    private static EnvironmentSize SizeOf(string name) => new(name, 1, 1, Money.Zero("EUR"), "");
}
