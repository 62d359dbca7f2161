using System.Text.Json.Nodes;
using Portal.Core.Schema;

namespace Portal.Core.Tests.Schema;

public sealed class EcmaRegexTests
{
    [Theory]
    [InlineData("^[a-z]+$", "abc\n", false)]
    [InlineData("^\\d+$", "٣", false)]
    [InlineData("^\\w+$", "é", false)]
    [InlineData("\\s", "\uFEFF", true)]
    [InlineData("^\\S+$", "a b", false)]
    [InlineData("^.$", "😀", true)]
    [InlineData("^.{2}$", "😀", false)]
    [InlineData("^[😀-😂]$", "😁", true)]
    [InlineData("^[😀-😂]$", "😃", false)]
    [InlineData("^[^a]$", "😀", true)]
    [InlineData("^[^😀]$", "😀", false)]
    [InlineData("^\\u{1F600}+$", "😀😀", true)]
    [InlineData("^\\uD83D\\uDE00$", "😀", true)]
    [InlineData("^[\\w-.]+$", "a-b.c", true)]
    [InlineData("^[\\w-.]+$", "a+b", false)]
    [InlineData("^[a-z-[aeiou]]+$", "b]", true)]
    [InlineData("^[^]$", "\n", true)]
    [InlineData("^[]$", "", false)]
    [InlineData("^\\p{Lu}\\p{Letter}*$", "Éa", true)]
    [InlineData("^\\P{L}+$", "12", true)]
    [InlineData("^[\\p{L}\\d]+$", "é1", true)]
    [InlineData("^[\\D]+$", "1", false)]
    [InlineData("^(?<a>x)\\k<a>$", "xx", true)]
    [InlineData("^(a)\\1$", "aa", true)]
    [InlineData("^(?!-)[a-z-]+(?<!-)$", "a-b", true)]
    [InlineData("^(?!-)[a-z-]+(?<!-)$", "a-", false)]
    [InlineData("^a b#c$", "a b#c", true)]
    [InlineData("^[\\-\\_\\.]+$", "-_.", true)]
    [InlineData("^https?:\\/\\/", "http://x", true)]
    [InlineData("\\bfoo\\b", "a foo b", true)]
    [InlineData("^\\cA$", "\u0001", true)]
    public void Pattern_JavaScriptMeaning_Holds(string pattern, string text, bool matches)
        => Assert.Equal(matches, Schema(pattern).IsValid(JsonValue.Create(text)));

    [Theory]
    [InlineData("\\Z")]
    [InlineData("\\A")]
    [InlineData("(?>a)")]
    [InlineData("(?#note)a")]
    [InlineData("(?P<name>a)")]
    [InlineData("[z-a]")]
    [InlineData("a\\")]
    [InlineData("*a")]
    [InlineData("\\p{Script=Klingon}")]
    public void Pattern_NotOfJavaScript_IsAProblem(string pattern)
        => Assert.Contains(
            "not a regular expression of JavaScript", Assert.Single(Schema(pattern).Problems).Message,
            StringComparison.Ordinal);

    private static JsonSchema Schema(string pattern) => JsonSchema.Parse(new JsonObject { ["pattern"] = pattern });
}
