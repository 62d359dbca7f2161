using static Portal.Core.Tests.GoldenPaths.Forms.FormBuilder;

namespace Portal.Core.Tests.GoldenPaths.Forms;

/// <summary>The ways in which real templates make fields depend on others.</summary>
public sealed class FormConditionTests
{
    private const string DependencyWithOneOf =
        """
        {"title":"Database","required":["needsDb"],
         "properties":{"needsDb":{"type":"boolean","title":"Needs a database?","default":false}},
         "dependencies":{"needsDb":{"oneOf":[
           {"properties":{"needsDb":{"enum":[false]}}},
           {"properties":{"needsDb":{"enum":[true]},
                          "engine":{"type":"string","title":"Engine","enum":["postgres","mysql"],"default":"postgres"},
                          "size":{"type":"integer","title":"Size in GB","minimum":1}},
            "required":["size"]}]}}}
        """;

    private const string AllOfWithIf =
        """
        {"properties":{"cloud":{"type":"string","enum":["aws","azure"]},"name":{"type":"string"}},
         "allOf":[
           {"if":{"properties":{"cloud":{"const":"aws"}},"required":["cloud"]},
            "then":{"properties":{"region":{"type":"string","enum":["eu-west-1","us-east-1"]}},"required":["region"]}},
           {"if":{"properties":{"cloud":{"const":"azure"}},"required":["cloud"]},
            "then":{"properties":{"location":{"type":"string"}},"required":["location"]}}]}
        """;

    [Theory]
    [InlineData("{}", "/needsDb")]
    [InlineData("""{"needsDb":false}""", "/needsDb")]
    [InlineData("""{"needsDb":true}""", "/needsDb /engine /size")]
    public void Resolve_DependencyWithOneOf_ShowsTheMatchingBranch(string values, string visible)
        => Assert.Equal(visible, Form(DependencyWithOneOf).Visible(values));

    [Fact]
    public void Resolve_DependencyWithOneOf_KeepsTheFieldItHangsOnAsItIs()
        => Assert.Empty(Form(DependencyWithOneOf).Field("/needsDb", """{"needsDb":true}""").Options);

    [Theory]
    [InlineData("""{"needsDb":true}""", "/size: Size in GB is required.")]
    [InlineData("""{"needsDb":true,"size":0}""", "/size: Size in GB must be at least 1.")]
    [InlineData("""{"needsDb":true,"size":5,"engine":"oracle"}""", "/engine: Engine must be one of postgres, mysql.")]
    [InlineData("""{"needsDb":true,"size":5}""", "")]
    [InlineData("""{"needsDb":false,"size":0,"engine":"oracle"}""", "")]
    [InlineData("{}", "/needsDb: Needs a database? is required.")]
    public void Validate_DependencyWithOneOf_NamesTheFieldOfTheBranch(string values, string messages)
        => Assert.Equal(messages, Form(DependencyWithOneOf).Messages(values));

    [Theory]
    [InlineData("{}", "/cloud /name")]
    [InlineData("""{"cloud":"aws"}""", "/cloud /name /region")]
    [InlineData("""{"cloud":"azure"}""", "/cloud /name /location")]
    public void Resolve_AllOfWithIf_ShowsWhatFollows(string values, string visible)
        => Assert.Equal(visible, Form(AllOfWithIf).Visible(values));

    [Fact]
    public void Validate_AllOfWithIf_AsksForWhatFollows()
        => Assert.Equal("/region: region is required.", Form(AllOfWithIf).Messages("""{"cloud":"aws"}"""));

    [Theory]
    [InlineData("""{"kind":"a","x":1}""", "/kind /x")]
    [InlineData("""{"kind":"b","x":1}""", "/kind /y")]
    [InlineData("{}", "/kind /x")]
    public void Resolve_IfThenElse_FollowsJsonSchema(string values, string visible)
        => Assert.Equal(visible, Form(
            """
            {"properties":{"kind":{"type":"string"}},"if":{"properties":{"kind":{"const":"a"}}},
             "then":{"properties":{"x":{"type":"integer"}}},"else":{"properties":{"y":{"type":"integer"}}}}
            """).Visible(values));

    [Fact]
    public void Resolve_DependencyOnConst_ShowsNestedDependency()
    {
        var form = Form(
            """
            {"properties":{"deploy":{"type":"string","enum":["no","k8s"]}},
             "dependencies":{"deploy":{"oneOf":[
               {"properties":{"deploy":{"const":"no"}}},
               {"properties":{"deploy":{"const":"k8s"},"ingress":{"type":"boolean"}},
                "dependencies":{"ingress":{"oneOf":[
                  {"properties":{"ingress":{"const":false}}},
                  {"properties":{"ingress":{"const":true},"host":{"type":"string"}},"required":["host"]}]}}}]}}}
            """);

        Assert.Equal("/deploy /ingress /host", form.Visible("""{"deploy":"k8s","ingress":true}"""));
        Assert.Equal("/deploy", form.Visible("""{"deploy":"no","ingress":true,"host":"x"}"""));
        Assert.Equal("/host: host is required.", form.Messages("""{"deploy":"k8s","ingress":true}"""));
        Assert.Equal(
            """{"deploy":"no"}""", form.Prune(Values("""{"deploy":"no","ingress":true,"host":"x"}""")).ToJsonString());
    }

    [Fact]
    public void Resolve_DependencyAsList_MakesAFieldRequired()
    {
        var form = Form(
            """{"properties":{"card":{"type":"string"},"address":{"type":"string","title":"Address"}},"dependencies":{"card":["address"]}}""");

        Assert.False(form.Field("/address").Required);
        Assert.True(form.Field("/address", """{"card":"1"}""").Required);
        Assert.Equal("/address: Address is required when 'card' is filled in.", form.Messages("""{"card":"1"}"""));
    }

    [Fact]
    public void Resolve_DependencyAsSchema_AddsFields()
        => Assert.Equal("/card /address", Form(
            """{"properties":{"card":{"type":"string"}},"dependencies":{"card":{"properties":{"address":{"type":"string"}}}}}""").Visible(
                """{"card":"1"}"""));

    [Fact]
    public void Resolve_ConditionOnAnotherPage_SeesItsValue()
    {
        var form = Form(
            """
            [{"properties":{"kind":{"type":"string"}}},
             {"properties":{"size":{"type":"string"}},"if":{"properties":{"kind":{"const":"db"}},"required":["kind"]},"then":{"properties":{"engine":{"type":"string"}}}}]
            """);

        Assert.Equal("/kind /size /engine", form.Visible("""{"kind":"db"}"""));
        Assert.Equal(
            ["/size", "/engine"],
            form.Resolve(Values("""{"kind":"db"}""")).Pages[1].Fields.Select(field => field.Path));
    }

    [Fact]
    public void Resolve_HiddenFieldThatAnotherHangsOn_HidesThatToo()
    {
        var form = Form(
            """
            {"properties":{"a":{"type":"string"}},
             "allOf":[
               {"if":{"properties":{"a":{"const":"x"}},"required":["a"]},"then":{"properties":{"b":{"type":"string"}}}},
               {"if":{"properties":{"b":{"const":"y"}},"required":["b"]},"then":{"properties":{"c":{"type":"string"}}}}]}
            """);

        Assert.Equal("/a /b /c", form.Visible("""{"a":"x","b":"y","c":"z"}"""));
        Assert.Equal("/a", form.Visible("""{"a":"-","b":"y","c":"z"}"""));
    }

    [Fact]
    public void Resolve_ReferenceWithSiblings_MergesBoth()
    {
        var field = Form(
            """{"definitions":{"name":{"type":"string","title":"Name","maxLength":5}},"properties":{"a":{"$ref":"#/definitions/name","title":"First"}}}""").Field(
                "/a");

        Assert.Equal(("First", 5), (field.Title, field.MaxLength));
    }

    [Fact]
    public void Resolve_RecursiveReference_EndsWhereTheValuesEnd()
    {
        var form = Form(
            """{"properties":{"root":{"$ref":"#/definitions/node"}},"definitions":{"node":{"type":"object","properties":{"name":{"type":"string"},"children":{"type":"array","items":{"$ref":"#/definitions/node"}}}}}}""");

        Assert.Equal(
            "/root /root/name /root/children /root/children/0 /root/children/0/name /root/children/0/children",
            form.Visible("""{"root":{"children":[{"name":"a"}]}}"""));
    }

    [Fact]
    public void Resolve_ObjectThatContainsItself_GoesOneBeyondTheValues()
    {
        var form = Form("""{"properties":{"name":{"default":"x"},"left":{"$ref":"#"},"right":{"$ref":"#"}}}""");

        Assert.Equal("/name /left /left/name /left/left /left/right /right", form.Visible("""{"left":{"name":"a"}}"""));
        Assert.Equal("""{"name":"x"}""", form.Defaults());
        Assert.Equal("""{"left":{"name":"a"},"name":"x"}""", form.Defaults("""{"left":{"name":"a"}}"""));
        Assert.Empty(form.Problems);
    }

    [Fact]
    public void Resolve_SchemaThatBringsItselfInTwice_Ends()
        => Assert.Equal(
            "/a", Form("""{"properties":{"a":{"type":"string"}},"allOf":[{"$ref":"#"},{"$ref":"#"}]}""").Visible("{}"));

    [Fact]
    public void Problems_DefinitionsThatMultiply_AreNamed()
    {
        var levels = Enumerable.Range(1, 25).Select(i => $$$"""
            "l{{{i}}}":{"properties":{"a":{"$ref":"#/definitions/l{{{i - 1}}}"},"b":{"$ref":"#/definitions/l{{{i - 1}}}"} } }
            """);
        var form = Form(
            $$$"""{"definitions":{"l0":{"type":"string"},{{{string.Join(',', levels)}}}},"$ref":"#/definitions/l25"}""");

        Assert.Contains("too many fields", Assert.Single(form.Problems).Message, StringComparison.Ordinal);
    }
}
