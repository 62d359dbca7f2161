using System.Text.RegularExpressions;

namespace Portal.Web.Tests.Contract;

/// <summary>No operation is left half described. The committed document is the served one: see <see
/// cref="CommittedDocumentTests"/>.</summary>
public sealed partial class DocumentTests
{
    private static readonly ApiDocument Document = new();

    [Fact]
    public void Operations_AllHaveAnIdOfTheirOwn()
    {
        Assert.True(Document.Operations.Count > 45, $"only {Document.Operations.Count} operations");
        Assert.All(Document.Operations, o =>
            Assert.True(o.Id is not null && VerbAndNoun().IsMatch(o.Id), $"{o}: operation id '{o.Id}'"));
        Assert.Empty(Document.Operations.GroupBy(o => o.Id).Where(g => g.Count() > 1)
            .Select(g => string.Join(", ", g)));
    }

    [Fact]
    public void Operations_AllHaveSummaryAndTag() => Assert.All(Document.Operations, o =>
    {
        Assert.False(string.IsNullOrWhiteSpace(o.Summary), $"{o} has no summary");
        Assert.Single(o.Json["tags"]!.AsArray());
    });

    [Fact]
    public void Operations_AllSayWhatTheyAnswer() => Assert.All(Document.Operations, o =>
    {
        var success = Assert.Single(o.Successes);
        Assert.True((success == "204") == (o.SchemaOf(success) is null), $"{o} answers {success} without a schema");
        Assert.True(success == "204" || o.SchemaOf(success)!.AsObject().Count > 0,
            $"{o}: the schema of {success} says nothing");
    });

    [Fact]
    public void Operations_AllSayHowTheyFail() => Assert.All(Document.Operations, o =>
    {
        string[] expected =
        [
            "400", "401", "403", "500", "503",
                .. Expect("404", o.Path.Contains('{', StringComparison.Ordinal)), .. Expect("413", o.Body is not null),
        ];
        Assert.All(expected, status => Assert.True(o.Responses.ContainsKey(status), $"{o} does not tell of {status}"));
        Assert.All(o.Responses.Where(r => r.Key[0] is '4' or '5'), r => Assert.Equal(
            "#/components/schemas/Problem",
            r.Value!["content"]!["application/problem+json"]!["schema"]!["$ref"]!.GetValue<string>()));
    });

    [Fact]
    public void Operations_ThatAreCountedAsPlans_SayThatThereMayBeTooMany()
    {
        string[] counted = ["planTemplate", "startRun", "retryRun", "getRunUndo", "undoRun", "requestEnvironment",
            "startPipelineRun"];
        Assert.All(counted, id =>
            Assert.Contains("429", Document.Operations.Single(o => o.Id == id).Responses.Select(r => r.Key)));
    }

    [Fact]
    public void Bodies_AllHaveAnExampleThatFits() =>
        Assert.All(Document.Operations.Where(o => o.Json.ContainsKey("requestBody")), o =>
    {
        var example = o.Body?["example"];
        Assert.True(example is not null, $"{o} has no example of its body");
        Assert.Empty(Document.Faults(o.Body!["schema"]!, example).Select(f => $"{o}: {f}"));
    });

    /// <summary>Clients that page need one way to do it.</summary>
    [Fact]
    public void Lists_AllPageInOneForm()
    {
        foreach (var operation in Document.Operations)
        {
            string[] named = [.. (operation.Json["parameters"]?.AsArray() ?? [])
                .Select(p => p!["name"]!.GetValue<string>())];
            Assert.True(named.Contains("offset") == IsPage(operation),
                $"{operation}: pages have items, total, offset and limit");
            var cut = named.Contains("offset") || (named.Contains("after") && operation.Id != "followRun");
            Assert.True(named.Contains("limit") == cut, $"{operation}: limit");
            Assert.All(named, name => Assert.True(char.IsAsciiLetterLower(name[0]), $"{operation}: {name}"));
        }
    }

    [Fact]
    public void Schemas_SayWhatTheyAre()
    {
        // JSON of somebody else's shape: of a template, a form, a step.
        string[] open = ["values", "descriptor", "output", "form"];
        var silent = from schema in Document.Schemas
                     from member in schema.Value!["properties"]?.AsObject() ?? []
                     where member.Value!.AsObject().Count == 0 && !open.Contains(member.Key)
                     select $"{schema.Key}.{member.Key}";
        Assert.Empty(silent);
    }

    /// <summary>
    /// A page, or a report with one list that comes in pages: <c>working</c> and <c>workingTotal</c>.
    /// </summary>
    private static bool IsPage(ApiOperation operation)
    {
        var name = operation.SchemaOf("200")?["$ref"]?.GetValue<string>().Split('/')[^1];
        if (name is null) return false;
        var members = Document.Schemas[name]!["properties"]!.AsObject();
        return name.StartsWith("PageOf", StringComparison.Ordinal)
            || members.Any(m => members.ContainsKey($"{m.Key}Total"));
    }

    private static string[] Expect(string status, bool when) => when ? [status] : [];

    [GeneratedRegex("^[a-z]+([A-Z][a-z]*)+$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex VerbAndNoun();
}
