using System.Text.Json.Nodes;
using Portal.Core.GoldenPaths.Forms;
using static Portal.Core.Tests.GoldenPaths.Forms.FormBuilder;

namespace Portal.Core.Tests.GoldenPaths.Forms;

public sealed class FormDefinitionTests
{
    [Fact]
    public void Parse_NoParameters_HasNoPages()
    {
        var form = FormDefinition.Parse(null);

        Assert.Empty(form.Pages);
        Assert.Empty(form.Problems);
        Assert.True(form.Validate(Values("""{"extra":1}""")).IsValid);
    }

    [Fact]
    public void Parse_ObjectOrList_GivesPages()
    {
        Assert.Equal(
            "Please enter the following information", Assert.Single(Form("""{"properties":{}}""").Pages).Title);
        Assert.Equal(
            ["One", "Two"],
            Form("""[{"title":"One"},{"title":"Two","description":"d"}]""").Pages.Select(page => page.Title));
    }

    [Theory]
    [InlineData("\"text\"", "")]
    [InlineData("[1]", "/0")]
    [InlineData("""[{},{"properties":{"a":{"type":"text"}}}]""", "/1/properties/a/type")]
    [InlineData("""{"properties":{"a":{"type":"text"}}}""", "/properties/a/type")]
    public void Problems_FaultyParameters_NameThePlace(string parameters, string path)
        => Assert.Equal(path, Assert.Single(Form(parameters).Problems).SchemaPath);

    [Fact]
    public void Unsupported_KeywordOnAPage_NamesThePage()
        => Assert.Equal(
            "/1/unevaluatedProperties",
            Assert.Single(Form("""[{},{"unevaluatedProperties":false}]""").Unsupported).SchemaPath);

    [Fact]
    public void ParameterNames_EveryBranch_IsIncluded()
        => Assert.Equal(["a", "b", "c", "d", "e", "f", "g"], Form(
            """
            [{"properties":{"a":{"type":"object","properties":{"nested":{}}}},"dependencies":{"a":{"oneOf":[{"properties":{"a":{},"b":{}}}]}},
              "allOf":[{"properties":{"c":{}}},{"if":{"properties":{"asked":{}}},"then":{"properties":{"d":{}}},"else":{"$ref":"#/definitions/x"}}],
              "definitions":{"x":{"properties":{"e":{}}}}},
             {"anyOf":[{"properties":{"f":{}}}],"dependentSchemas":{"f":{"properties":{"g":{}}}}}]
            """).ParameterNames.Order());

    [Fact]
    public void PermissionTags_OnAPage_AreRead()
        => Assert.Equal(["secure"], Form("""{"backstage:permissions":{"tags":["secure"]}}""").Pages[0].PermissionTags);

    [Fact]
    public void ToParameterSchema_Pages_HaveTitleDescriptionAndSchema()
    {
        var steps = Form(
            """[{"title":"One","description":"d","properties":{"a":{"type":"string","ui:field":"OwnerPicker"}}},{"properties":{}}]""").ToParameterSchema();

        Assert.Equal(
            """[{"title":"One","description":"d","schema":{"title":"One","description":"d","properties":{"a":{"type":"string","ui:field":"OwnerPicker"}}}},{"title":"Please enter the following information","schema":{"properties":{}}}]""",
            steps.ToJsonString());
    }

    [Fact]
    public void Warnings_UiOrderWithUnknownName_IsNamed()
        => Assert.Contains(
            "'nmae'", Assert.Single(Form("""{"ui:order":["nmae","*"],"properties":{"name":{}}}""").Warnings).Message,
            StringComparison.Ordinal);

    [Fact]
    public void Warnings_FieldInABranch_IsNamed()
        => Assert.Equal(
            "/dependencies/a/oneOf/0/properties/b/ui:field",
            Assert.Single(Form(
                """{"properties":{"a":{}},"dependencies":{"a":{"oneOf":[{"properties":{"b":{"ui:field":"Mystery"}}}]}}}""").Warnings).SchemaPath);

    [Theory]
    [InlineData("""{"a":{"default":1},"b":{"type":"string"}}""", "{}", """{"a":1}""")]
    [InlineData("""{"a":{"default":1}}""", """{"a":2}""", """{"a":2}""")]
    [InlineData("""{"a":{"default":null}}""", "{}", """{"a":null}""")]
    [InlineData("""{"a":{"const":"x"}}""", "{}", """{"a":"x"}""")]
    [InlineData("""{"o":{"type":"object","properties":{"a":{"default":1},"b":{}}}}""", "{}", """{"o":{"a":1}}""")]
    [InlineData("""{"o":{"type":"object","properties":{"a":{}}}}""", "{}", "{}")]
    [InlineData(
        """{"o":{"type":"object","default":{"b":2},"properties":{"a":{"default":1}}}}""", "{}",
        """{"o":{"b":2,"a":1}}""")]
    [InlineData(
        """{"o":{"type":"object","properties":{"a":{"default":1}}}}""", """{"o":{"b":2}}""", """{"o":{"b":2,"a":1}}""")]
    [InlineData("""{"l":{"type":"array","default":["x"]}}""", "{}", """{"l":["x"]}""")]
    [InlineData("""{"l":{"type":"array","items":{"type":"string"}}}""", "{}", "{}")]
    [InlineData(
        """{"l":{"type":"array","minItems":2,"items":{"type":"string","default":"x"}}}""", "{}", """{"l":["x","x"]}""")]
    [InlineData(
        """{"l":{"type":"array","items":{"properties":{"a":{"default":1}}}}}""", """{"l":[{},{"a":2}]}""",
        """{"l":[{"a":1},{"a":2}]}""")]
    public void ApplyDefaults_AbsentValues_AreFilledIn(string properties, string values, string expected)
        => Assert.Equal(expected, Form($$$"""{"properties":{{{properties}}}}""").Defaults(values));

    [Fact]
    public void ApplyDefaults_RequiredListAndObject_StartEmpty()
        => Assert.Equal(
            """{"l":[],"o":{}}""",
            Form("""{"required":["l","o"],"properties":{"l":{"type":"array","items":{"type":"string"}},"o":{"type":"object"}}}""").Defaults());

    [Fact]
    public void ApplyDefaults_DefaultThatOpensABranch_FillsTheBranchToo()
        => Assert.Equal(
            """{"a":"x","b":1,"c":2}""",
            Form(
                """
                {"properties":{"a":{"default":"x"}},
                 "dependencies":{"a":{"oneOf":[{"properties":{"a":{"const":"x"},"b":{"default":1}}},{"properties":{"a":{"const":"y"},"z":{"default":9}}}]}},
                 "if":{"properties":{"b":{"const":1}},"required":["b"]},"then":{"properties":{"c":{"default":2}}}}
                """).Defaults());

    [Fact]
    public void Change_ClearedFieldWithADefault_StaysEmpty()
    {
        var form = Form("""{"properties":{"a":{"type":"string","default":"x"},"b":{"type":"string"}}}""");

        var cleared = form.Change(form.ApplyDefaults([]), "/a", null);

        Assert.Equal("""{"b":"y"}""", form.Change(cleared, "/b", "y").ToJsonString());
    }

    [Fact]
    public void Change_FieldThatOpensABranch_BringsItsDefaults()
    {
        var form = Form(
            """{"properties":{"a":{"type":"string"}},"if":{"properties":{"a":{"const":"x"}},"required":["a"]},"then":{"properties":{"b":{"default":1}}}}""");

        Assert.Equal("""{"a":"x","b":1}""", form.Change([], "/a", "x").ToJsonString());
        Assert.Equal("""{"a":"y"}""", form.Change([], "/a", "y").ToJsonString());
    }

    [Fact]
    public void Prune_UndeclaredName_IsKept()
        => Assert.Equal(
            """{"extra":1}""", Form("""{"properties":{"a":{}}}""").Prune(Values("""{"extra":1}""")).ToJsonString());

    [Fact]
    public void Prune_FieldsInsideObjectsAndLists_GoToo()
    {
        const string item =
            """{"type":"object","properties":{"on":{"type":"boolean"}},"if":{"properties":{"on":{"const":true}},"required":["on"]},"then":{"properties":{"x":{"type":"string"}}}}""";
        var form = Form($$$"""{"properties":{"o":{{{item}}},"l":{"type":"array","items":{{{item}}}} }}""");

        Assert.Equal(
            """{"o":{"on":false},"l":[{"on":true,"x":"b"},{"on":false}]}""",
            form.Prune(Values("""{"o":{"on":false,"x":"a"},"l":[{"on":true,"x":"b"},{"on":false,"x":"c"}]}"""))
                .ToJsonString());
    }

    [Fact]
    public void Resolve_FromManyThreads_GivesTheSameForm()
    {
        var form = Form(
            """{"properties":{"a":{"type":"string"}},"dependencies":{"a":{"oneOf":[{"properties":{"a":{"const":"x"},"b":{"enum":[1,2]}}}]}}}""");

        var forms = Enumerable.Range(0, 64).AsParallel().AsOrdered()
            .Select(i => form.Visible(i % 2 == 0 ? """{"a":"x"}""" : "{}"));

        Assert.Equal(Enumerable.Range(0, 64).Select(i => i % 2 == 0 ? "/a /b" : "/a"), forms);
    }

    [Fact]
    public void Parse_NodeChangedLater_HasNoEffect()
    {
        var parameters = JsonNode.Parse("""{"properties":{"a":{}}}""")!;
        var form = FormDefinition.Parse(parameters);

        parameters["properties"]!["b"] = new JsonObject();

        Assert.Equal("/a", form.Visible("{}"));
    }
}
