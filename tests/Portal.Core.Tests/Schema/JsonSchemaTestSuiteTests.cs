using Portal.Core.Schema;

namespace Portal.Core.Tests.Schema;

/// <summary>Every case of the official suite, but for those that <see cref="SuiteExclusions"/> names with a reason.</summary>
public sealed class JsonSchemaTestSuiteTests
{
    public static TheoryData<string> Drafts => ["draft7", "draft2019-09", "draft2020-12"];

    [Theory]
    [MemberData(nameof(Drafts))]
    public void Validate_OfficialSuite_Agrees(string draft)
    {
        var failures = new List<string>();
        var passed = 0;
        foreach (var file in JsonSchemaTestSuite.Files(draft))
        {
            foreach (var group in JsonSchemaTestSuite.Groups(draft, file))
            {
                foreach (var name in Disagreeing(draft, group))
                {
                    if (SuiteExclusions.Find(draft, file, group.Description, name) is null)
                    {
                        failures.Add($"{file} | {group.Description} | {name}");
                    }
                }

                passed += group.Cases.Count;
            }
        }

        Assert.True(failures.Count == 0, $"{failures.Count} cases disagree:\n{string.Join('\n', failures)}");
        Assert.True(passed > 1_000, $"Only {passed} cases were found.");
    }

    [Fact]
    public void Exclusions_EachEntry_IsStillNeeded()
    {
        var needed = new HashSet<SuiteExclusion>();
        foreach (var draft in Drafts.Select(row => row.Data))
        {
            foreach (var file in JsonSchemaTestSuite.Files(draft))
            {
                foreach (var group in JsonSchemaTestSuite.Groups(draft, file))
                {
                    needed.UnionWith(Disagreeing(draft, group).Select(name => SuiteExclusions.Find(draft, file, group.Description, name)).OfType<SuiteExclusion>());
                }
            }
        }

        Assert.Empty(SuiteExclusions.All.Except(needed));
    }

    /// <summary>A schema may be understood differently from the suite only where the template's page can say so.</summary>
    [Theory]
    [MemberData(nameof(Drafts))]
    public void Unsupported_WhereASuiteCaseDisagrees_NamesAKeyword(string draft)
    {
        var silent = JsonSchemaTestSuite.Files(draft)
            .SelectMany(file => JsonSchemaTestSuite.Groups(draft, file))
            .Where(group => Disagreeing(draft, group).Any())
            .Where(group => JsonSchema.Parse(group.Schema, DialectOf(draft)) is { Unsupported.Count: 0, Problems.Count: 0 })
            .Select(group => group.Description);

        Assert.Empty(silent);
    }

    private static SchemaDialect DialectOf(string draft) => draft == "draft7" ? SchemaDialect.Draft7 : SchemaDialect.Draft2020;

    private static IEnumerable<string> Disagreeing(string draft, SuiteGroup group)
    {
        var schema = JsonSchema.Parse(group.Schema, DialectOf(draft));
        foreach (var test in group.Cases)
        {
            // Both ways of asking must give the same answer.
            var valid = schema.Validate(test.Data).Count == 0;
            if (valid != test.Valid || schema.IsValid(test.Data) != valid)
            {
                yield return test.Description;
            }
        }
    }
}
