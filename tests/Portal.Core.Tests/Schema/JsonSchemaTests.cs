using System.Text.Json.Nodes;
using Portal.Core.Schema;

namespace Portal.Core.Tests.Schema;

public sealed class JsonSchemaTests
{
    [Theory]
    [InlineData("""{"type":"string","minLength":3}""", "\"ab\"", "must be at least 3 characters")]
    [InlineData("""{"type":"string","minLength":1}""", "\"\"", "must not be empty")]
    [InlineData("""{"maxLength":1}""", "\"ab\"", "must be at most 1 character")]
    [InlineData("""{"type":"integer"}""", "1.5", "must be a whole number")]
    [InlineData("""{"type":["string","null"]}""", "1", "must be text or empty (null)")]
    [InlineData("""{"minimum":1}""", "0", "must be at least 1")]
    [InlineData("""{"exclusiveMaximum":10}""", "10.0", "must be less than 10")]
    [InlineData("""{"multipleOf":0.05}""", "0.12", "must be a multiple of 0.05")]
    [InlineData("""{"enum":["dev","test",3]}""", "\"prod\"", "must be one of dev, test, 3")]
    [InlineData("""{"const":"yes"}""", "\"no\"", "must be yes")]
    [InlineData("""{"minItems":1}""", "[]", "must have at least 1 item")]
    [InlineData("""{"uniqueItems":true}""", "[1,1.0]", "must not have the same item twice")]
    [InlineData("""{"format":"email"}""", "\"ana\"", "must be an e-mail address, such as ana@example.com")]
    [InlineData("""{"pattern":"^[a-z][a-z0-9-]*$"}""", "\"A\"",
        "must start with a lower-case letter and have only lower-case letters, digits and '-' (pattern ^[a-z][a-z0-9-]*$)")]
    [InlineData(
        """{"pattern":"^([a-z0-9]+-)*[a-z0-9]+$"}""", "\"A\"",
        "must have only lower-case letters, digits and '-' (pattern ^([a-z0-9]+-)*[a-z0-9]+$)")]
    [InlineData("""{"pattern":"^(?!x).*$"}""", "\"x\"", "must match the pattern ^(?!x).*$")]
    [InlineData("""{"oneOf":[{"const":1,"title":"One"},{"const":2,"title":"Two"}]}""", "3", "must be one of: One, Two")]
    [InlineData("""{"not":{"title":"a reserved name","enum":["admin"]}}""", "\"admin\"", "must not be a reserved name")]
    public void Validate_BrokenRule_SaysItInPlainWords(string schema, string value, string message)
    {
        var error = Assert.Single(Errors(schema, value));

        Assert.Equal(message, error.Message);
    }

    [Fact]
    public void Validate_NestedErrors_NameInstanceAndSchemaPath()
    {
        var errors = Errors(
            """{"properties":{"a/b":{"items":{"required":["x"]}}},"required":["name"]}""",
            """{"a/b":[{"x":1},{}]}""");

        Assert.Equal(
            [("/a~1b/1", "/properties/a~1b/items/required", "/a~1b/1/x"), ("", "/required", "/name")],
            errors.Select(error => (error.InstancePath, error.SchemaPath, error.FieldPath)));
    }

    [Fact]
    public void Validate_OneOfWithDiscriminator_ReportsTheChosenBranch()
    {
        var errors = Errors(
            """
            {"oneOf":[
              {"properties":{"kind":{"const":"sql"},"size":{"type":"integer"}},"required":["size"]},
              {"properties":{"kind":{"const":"none"}}}]}
            """,
            """{"kind":"sql","size":"big"}""");

        var error = Assert.Single(errors);
        Assert.Equal(("/size", "must be a whole number"), (error.InstancePath, error.Message));
    }

    [Theory]
    [InlineData(
        """{"minLength":3,"pattern":"^x","errorMessage":"Choose a longer name"}""", "\"ab\"", "Choose a longer name")]
    [InlineData("""{"minLength":3,"errorMessage":{"minLength":"Too short"}}""", "\"ab\"", "Too short")]
    [InlineData(
        """{"required":["name"],"errorMessage":{"required":{"name":"Say who you are"}}}""", "{}", "Say who you are")]
    [InlineData(
        """{"properties":{"name":{"type":"string"}},"errorMessage":{"properties":{"name":"A name, please"}}}""",
        """{"name":1}""", "A name, please")]
    public void Validate_ErrorMessage_ReplacesTheWords(string schema, string value, string message)
    {
        var error = Assert.Single(Errors(schema, value));

        Assert.Equal((message, true), (error.Message, error.IsCustom));
    }

    [Fact]
    public void Validate_SecretLookingValue_IsNeverQuoted()
    {
        var errors = Errors(
            """{"type":"integer","enum":[1],"pattern":"^a$","minLength":99,"format":"uri","not":{"type":"string"}}""",
            "\"hunter2\"");

        Assert.Equal(6, errors.Count);
        Assert.DoesNotContain(errors, error => error.ToString().Contains("hunter2", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("1", "1.0", true)]
    [InlineData("1e2", "100", true)]
    [InlineData("12345678901234567890123", "12345678901234567890123.0", true)]
    [InlineData("12345678901234567890123", "12345678901234567890124", false)]
    [InlineData("-0", "0", true)]
    [InlineData("1e999999999999999999999", "1", false)]
    public void Validate_ConstNumber_ComparesExactly(string expected, string value, bool valid)
        => Assert.Equal(valid, Errors($$"""{"const":{{expected}}}""", value).Count == 0);

    [Theory]
    [InlineData("0.01", "19.99", true)]
    [InlineData("0.01", "19.995", false)]
    [InlineData("3", "9007199254740993", true)]
    [InlineData("1e-8", "12391239123", true)]
    public void Validate_MultipleOf_HasNoRoundingError(string divisor, string value, bool valid)
        => Assert.Equal(valid, Errors($$"""{"multipleOf":{{divisor}}}""", value).Count == 0);

    [Theory]
    [InlineData("""{"type":"strnig"}""", "/type")]
    [InlineData("""{"properties":{"a":{"pattern":"["}}}""", "/properties/a/pattern")]
    [InlineData("""{"properties":{"a":{"pattern":"(?i)a"}}}""", "/properties/a/pattern")]
    [InlineData("""{"minLength":"3"}""", "/minLength")]
    [InlineData("""{"$ref":"#/definitions/none"}""", "/$ref")]
    [InlineData("""{"required":"name"}""", "/required")]
    [InlineData("""{"properties":["name"]}""", "/properties")]
    [InlineData("""{"definitions":{"a":{"enum":"x"}}}""", "/definitions/a/enum")]
    [InlineData("""{"multipleOf":0}""", "/multipleOf")]
    [InlineData("""{"items":{"type":"object","properties":{"a":7}}}""", "/items/properties/a")]
    public void Problems_FaultySchema_NamesThePlace(string schema, string path)
    {
        var problem = Assert.Single(JsonSchema.Parse(JsonNode.Parse(schema)).Problems);

        Assert.Equal(path, problem.SchemaPath);
    }

    [Fact]
    public void Validate_FaultyKeyword_LetsNothingPass()
    {
        var error = Assert.Single(Errors("""{"pattern":"(["}""", "\"a\""));

        Assert.StartsWith("cannot be checked: ", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"unevaluatedProperties":false}""", "/unevaluatedProperties")]
    [InlineData("""{"properties":{"a":{"$dynamicRef":"#x"}}}""", "/properties/a/$dynamicRef")]
    [InlineData("""{"$ref":"https://example.com/schema"}""", "/$ref")]
    [InlineData("""{"contentSchema":{}}""", "/contentSchema")]
    [InlineData("""{"minlength":3}""", "/minlength")]
    [InlineData("""{"format":"iban"}""", "/format")]
    [InlineData("""{"properties":{"a":{"$id":"other"}}}""", "/properties/a/$id")]
    public void Unsupported_KeywordThatIsNotChecked_IsNamed(string schema, string path)
    {
        var note = Assert.Single(JsonSchema.Parse(JsonNode.Parse(schema)).Unsupported);

        Assert.Equal(path, note.SchemaPath);
    }

    [Fact]
    public void Unsupported_WrongCapitals_NamesTheKeywordThatWasMeant()
        => Assert.Contains(
            "did you mean 'minLength'",
            Assert.Single(JsonSchema.Parse(JsonNode.Parse("""{"minlength":3}""")).Unsupported).Message,
            StringComparison.Ordinal);

    [Fact]
    public void Unsupported_Annotations_AreNotNamed()
        => Assert.Empty(JsonSchema.Parse(JsonNode.Parse(
            """
            {"$schema":"http://json-schema.org/draft-07/schema#","title":"a","description":"b","examples":[1],"default":1,"enumNames":["a"],
             "ui:widget":"radio","backstage:permissions":{"tags":[]},"errorMessage":"x","$comment":"y","readOnly":true}
            """)).Unsupported);

    [Fact]
    public void Validate_RequiredTrueOnAProperty_IsHonouredWithAWarning()
    {
        var schema = JsonSchema.Parse(JsonNode.Parse("""{"properties":{"name":{"type":"string","required":true}}}"""));

        Assert.Equal("/name", Assert.Single(schema.Validate(new JsonObject())).FieldPath);
        Assert.Equal("/properties/name/required", Assert.Single(schema.Warnings).SchemaPath);
    }

    [Fact]
    public void Validate_RecursiveSchema_FollowsTheValue()
    {
        const string tree = """{"properties":{"name":{"type":"string"},"children":{"items":{"$ref":"#"}}}}""";

        Assert.Equal(
            "/children/0/children/0/name",
            Assert.Single(Errors(tree, """{"children":[{"children":[{"name":1}]}]}""")).InstancePath);
    }

    [Theory]
    [InlineData("""{"$ref":"#"}""")]
    [InlineData("""{"not":{"$ref":"#"}}""")]
    [InlineData(
        """{"definitions":{"a":{"$ref":"#/definitions/b"},"b":{"allOf":[{"$ref":"#/definitions/a"}]}},"$ref":"#/definitions/a"}""")]
    public void Validate_ReferenceToItself_EndsWithAnError(string schema)
    {
        Assert.Contains(
            "refers to itself without end", Assert.Single(Errors(schema, "1")).Message, StringComparison.Ordinal);
        Assert.False(JsonSchema.Parse(JsonNode.Parse(schema)).IsValid(1));
    }

    [Fact]
    public void Validate_CombinationsWithoutEnd_GivesUpWithAnError()
    {
        var schema =
            new JsonObject { ["definitions"] = new JsonObject { ["l0"] = new JsonObject { ["type"] = "string" } } };
        for (var level = 1; level <= 30; level++)
        {
            var below = $"#/definitions/l{level - 1}";
            schema["definitions"]![$"l{level}"] = new JsonObject { ["anyOf"] = new JsonArray(
                new JsonObject { ["$ref"] = below }, new JsonObject { ["$ref"] = below }) };
        }

        schema["$ref"] = "#/definitions/l30";

        Assert.Contains(
            "too many combinations", Assert.Single(JsonSchema.Parse(schema).Validate(1)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_PatternThatBacktracksWithoutEnd_EndsTheValidation()
    {
        // One value takes its limit; a thousand must not take it a thousand times.
        var values = string.Join(',', Enumerable.Repeat($"\"{new string('a', 50)}!\"", 1_000));

        var error =
            Assert.Single(Errors("""{"items":{"pattern":"^(a+)+$"},"additionalProperties":false}""", $"[{values}]"));

        Assert.Contains("cannot be checked in time", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_NamesAgainstPatternsThatBacktrack_EndsTheValidation()
    {
        var members = string.Join(',', Enumerable.Range(0, 1_000).Select(i => $"\"{new string('a', 50)}!{i}\":1"));

        var error = Assert.Single(Errors(
            """{"patternProperties":{"^(?=(a+)+$)":{"type":"string"}},"additionalProperties":false}""",
            $"{{{members}}}"));

        Assert.Contains("cannot be checked in time", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_SchemaNestedWithoutEnd_IsAProblem()
    {
        JsonNode schema = new JsonObject();
        for (var i = 0; i < 5_000; i++) schema = new JsonObject { ["not"] = schema };

        Assert.Contains(
            "nested more than", Assert.Single(JsonSchema.Parse(schema).Problems).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_FromManyThreads_GivesTheSameAnswer()
    {
        var schema = JsonSchema.Parse(
            JsonNode.Parse("""{"properties":{"a":{"enum":[{"x":[1,2]},{"y":"z"}]},"b":{"const":{"k":{"l":1}}}}}"""));

        var answers = Enumerable.Range(0, 64).AsParallel().Select(i =>
            schema.IsValid(JsonNode.Parse(
                i % 2 == 0 ? """{"a":{"x":[1,2.0]},"b":{"k":{"l":1}}}""" : """{"a":{"x":[2,1]}}""")) == (i % 2 == 0));

        Assert.All(answers, Assert.True);
    }

    [Fact]
    public void Parse_SchemaChangedLater_HasNoEffect()
    {
        var source = JsonNode.Parse("""{"enum":["a"]}""")!;
        var schema = JsonSchema.Parse(source);

        source["enum"]!.AsArray().Add("b");

        Assert.False(schema.IsValid("b"));
    }

    private static IReadOnlyList<SchemaError> Errors(string schema, string value)
        => JsonSchema.Parse(JsonNode.Parse(schema)).Validate(JsonNode.Parse(value));
}
