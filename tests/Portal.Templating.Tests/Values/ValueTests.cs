using System.Text.Json.Nodes;

namespace Portal.Templating.Tests.Values;

public sealed class ValueTests
{
    [Theory]
    [InlineData(
        """{"b":1,"a":[true,null,"x",1.5,{}],"2":"two","1":"one"}""",
        """{"1":"one","2":"two","b":1,"a":[true,null,"x",1.5,{}]}""")]
    [InlineData("9007199254740993", "9007199254740992")]
    [InlineData("1e400", "null")]
    [InlineData("-0.0", "0")]
    [InlineData("3.0", "3")]
    [InlineData("\"\\u00e9\"", "\"\\u00E9\"")]
    [InlineData("null", "null")]
    public void ToJsonNode_OfParsedJson_IsJavaScriptsReading(string json, string expected) =>
        Assert.Equal(expected, Value.From(JsonNode.Parse(json)).ToJsonNode()?.ToJsonString() ?? "null");

    [Fact]
    public void From_NodesMadeInCode_KeepTheirKind()
    {
        var node = new JsonObject
        {
            ["int"] = 3, ["long"] = 4L, ["decimal"] = 1.5m, ["text"] = "t", ["flag"] = true,
            ["date"] = new DateTime(2026, 11, 21, 0, 0, 0, DateTimeKind.Utc)
        };
        var value = Value.From(node).AsObject;
        Assert.Equal((3d, 4d, 1.5d), (value["int"].AsNumber, value["long"].AsNumber, value["decimal"].AsNumber));
        Assert.Equal(
            ("t", true, "2026-11-21T00:00:00Z"),
            (value["text"].AsString, value["flag"].AsBoolean, value["date"].AsString));
    }

    [Fact]
    public void From_TooDeepJson_Fails()
    {
        JsonNode node = new JsonArray();
        for (var level = 0; level < 300; level++) node = new JsonArray(node);

        Assert.Throws<TemplateLimitException>(() => Value.From(node));
    }

    [Fact]
    public void ToJsonNode_UndefinedAndFunctions_AreLeftOutOfObjects() =>
        Assert.Equal(
            """{"a":[null,null],"n":null}""",
            Rendered.Evaluate("{a: [undefined, range], u: undefined, f: range, n: none}").ToJsonNode()!.ToJsonString());

    [Theory]
    [InlineData("service", "servce", "service")]
    [InlineData("service_name", "serviceName", "service_name")]
    [InlineData("ab", "xy", null)]
    [InlineData("owner", "onwer", "owner")]
    [InlineData("repository", "owner", null)]
    public void NearestName_Find_GivesTheLikelyName(string known, string typed, string? expected) =>
        Assert.Equal(expected, NearestName.Find(typed, [known, "zzzzzz"]));

    [Fact]
    public void FormatNumber_RandomDoubles_ReadBackTheSame()
    {
        var random = new Random(3);
        for (var round = 0; round < 20_000; round++)
        {
            var number = BitConverter.Int64BitsToDouble(random.NextInt64());
            if (double.IsFinite(number))
            {
                Assert.Equal(
                    number,
                    double.Parse(Value.From(number).ToString(), System.Globalization.CultureInfo.InvariantCulture));
            }
        }
    }
}
