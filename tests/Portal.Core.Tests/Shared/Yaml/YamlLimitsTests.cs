using System.Text;
using Portal.Core.Shared;

namespace Portal.Core.Tests.Shared.Yaml;

using Yaml = Portal.Core.Shared.Yaml;

/// <summary>A small text cannot become a large value, nor one so deep that reading it ends the process.</summary>
public sealed class YamlLimitsTests
{
    [Fact]
    public void Parse_AliasesOfAliases_IsRefusedWithoutBeingBuilt()
    {
        var text = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (var i = 1; i < 12; i++) text.Append(
            $"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 10))}]\n");

        var (wrong, allocated) = Refused(text.ToString());

        Assert.Contains("more than 500000 values", wrong.Message, StringComparison.Ordinal);
        Assert.InRange(allocated, 0, 300_000_000);
    }

    [Fact]
    public void Parse_AliasesOfAMerge_IsRefused()
    {
        var text = new StringBuilder("m0: &m0 { a: 1, b: 2 }\n");
        for (var i = 1; i < 30; i++) text.Append(
            $"m{i}: &m{i} {{ l{i}: *m{i - 1}, r{i}: *m{i - 1}, <<: *m{i - 1} }}\n");

        Assert.Contains("more than 500000 values", Refused(text.ToString()).Wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_LongTextRepeatedByAliases_IsRefused()
    {
        var text = $"a: &a {new string('x', 100_000)}\nb: [{string.Join(", ", Enumerable.Repeat("*a", 10_000))}]\n";

        var (wrong, allocated) = Refused(text);

        Assert.Equal(("Aliases repeat more than 4000000 characters of text.", 2), (wrong.Message, wrong.Line));
        Assert.InRange(allocated, 0, 20_000_000);
    }

    [Fact]
    public void Parse_DepthThatAliasesAddUp_IsRefused()
    {
        var text = new StringBuilder($"a0: &a0 {Nested(40)}\n");
        for (var i = 1; i < 5_000; i++) text.Append($"a{i}: &a{i} [[[[*a{i - 1}]]]]\n");

        Assert.Contains("nested more than 60 levels", Refused(text.ToString()).Wrong.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[")]
    [InlineData("{a: ")]
    [InlineData("- ")]
    public void Parse_VeryDeep_IsRefused(string opening) =>
        Assert.Contains(
            "nested more than 60 levels",
            Refused(string.Concat(Enumerable.Repeat(opening, 400_000)) + "x").Wrong.Message, StringComparison.Ordinal);

    [Fact]
    public void Parse_AliasOfWhatItStandsIn_IsRefused() =>
        Assert.Contains(
            "*a stands inside of what it stands for", Refused("a: &a [1, *a]").Wrong.Message, StringComparison.Ordinal);

    [Fact]
    public void Parse_LongKeyAboveManyValues_CostsTheKeyOnce()
    {
        var text = $"? {new string('k', 100_000)}\n: [{string.Join(", ", Enumerable.Repeat("x", 50_000))}]\n";
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Equal(2, Yaml.Parse(text)[0].LineOf($"/{new string('k', 100_000)}/49999"));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 200_000_000);
    }

    [Fact]
    public void Parse_TextBeyondTheLimit_IsRefusedUnread()
    {
        var text = new string('x', 5_000_001);

        var (wrong, allocated) = Refused(text);

        Assert.Contains("larger than 5 MB", wrong.Message, StringComparison.Ordinal);
        Assert.InRange(allocated, 0, 100_000);
    }

    [Fact]
    public void Parse_AliasesAsPeopleUseThem_Works()
    {
        var read = Yaml.Parse("base: &base { a: 1, b: &list [1, 2] }\none: { <<: *base, c: *list }\n")[0].Root!;

        Assert.Equal("""{"c":[1,2],"a":1,"b":[1,2]}""", read["one"]!.ToJsonString());
    }

    private static string Nested(int depth) => new string('[', depth) + new string(']', depth);

    private static (YamlFormatException Wrong, long Allocated) Refused(string text)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var wrong = Assert.Throws<YamlFormatException>(() => Yaml.Parse(text));
        return (wrong, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
