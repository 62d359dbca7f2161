using System.Text.Json.Nodes;
using Portal.Core.GoldenPaths.Forms;
using static Portal.Core.Tests.GoldenPaths.Forms.FormBuilder;

namespace Portal.Core.Tests.GoldenPaths.Forms;

public sealed class FormValidationTests
{
    [Fact]
    public void Validate_SeveralPages_PlacesEachErrorOnItsPage()
    {
        var errors = Form(
            """
            [{"required":["name"],"properties":{"name":{"type":"string","title":"Service name","minLength":3}}},
             {"required":["owner"],"properties":{"owner":{"type":"string","title":"Owner"}}}]
            """).Validate(Values("""{"name":"ab"}"""));

        Assert.Equal(["Service name must be at least 3 characters."], errors.OnPage(0).Select(error => error.Message));
        Assert.Equal(["Owner is required."], errors.At("/owner"));
        Assert.Equal([1], errors.Where(error => error.Path == "/owner").Select(error => error.Page));
        Assert.Equal(["/name", "/owner"], errors.ToFieldErrors().Select(error => error.Path));
    }

    [Fact]
    public void Validate_PageWithoutAdditionalProperties_DoesNotMindOtherPages()
    {
        var form = Form("""[{"properties":{"a":{}},"additionalProperties":false},{"properties":{"b":{}}}]""");

        Assert.Equal("", form.Messages("""{"a":1,"b":2}"""));
        Assert.Equal("/c: c is not a known property.", form.Messages("""{"c":1}"""));
    }

    [Fact]
    public void Validate_OwnWords_StandAlone()
        => Assert.Equal("/a: Only small letters", Form(
            """{"properties":{"a":{"type":"string","pattern":"^[a-z]+$","errorMessage":"Only small letters"}}}""").Messages(
                """{"a":"A"}"""));

    [Theory]
    [InlineData("my-service", true)]
    [InlineData("My_Service.v2", true)]
    [InlineData("-service", false)]
    [InlineData("my service", false)]
    [InlineData("a234567890123456789012345678901234567890123456789012345678901234", false)]
    public void Validate_EntityNamePicker_WantsAnEntityName(string name, bool valid)
        => Assert.Equal(
            valid, Form("""{"properties":{"name":{"type":"string","ui:field":"EntityNamePicker"}}}""").Validate(
                new JsonObject { ["name"] = name }).IsValid);

    [Theory]
    [InlineData("github.com?owner=team&repo=app", "")]
    [InlineData("github.com?repo=app", "must name the owner of the repository")]
    [InlineData("github.com?owner=team", "must name a repository")]
    [InlineData("?owner=team&repo=app", "must name a host first: host?owner=…&repo=…")]
    [InlineData("https://github.com/team/app", "must name a host first: host?owner=…&repo=…")]
    [InlineData("gitlab.com?owner=team&repo=app", "must have as the host one of github.com, local")]
    [InlineData("local?owner=other&repo=app", "must have as the owner one of team")]
    public void Validate_RepoUrlPicker_WantsARepository(string url, string message)
        => Assert.Equal(
            message.Length == 0 ? "" : $"/repoUrl: Repository {message}.",
            Form("""{"properties":{"repoUrl":{"type":"string","title":"Repository","ui:field":"RepoUrlPicker","ui:options":{"allowedHosts":["github.com","local"],"allowedOwners":["team"]}}}}""")
                .Messages($$"""{"repoUrl":"{{url}}"}"""));

    [Fact]
    public void Validate_EntityTagsPicker_WantsTags()
    {
        var form = Form(
            """{"properties":{"tags":{"type":"array","ui:field":"EntityTagsPicker","items":{"type":"string"}}}}""");

        Assert.True(form.Validate(Values("""{"tags":["dotnet","c#","a-b:c"]}""")).IsValid);
        Assert.False(form.Validate(Values("""{"tags":["Not A Tag"]}""")).IsValid);
    }

    [Fact]
    public void Validate_TextOfOneMegabyte_IsRefusedWithItsPath()
    {
        var error = Assert.Single(Form("""{"properties":{"a":{"type":"string"}}}""").Validate(
            new JsonObject { ["a"] = new string('x', 1_000_000) }));

        Assert.Equal(
            ("/a", "size", "The text is too long: 1,000,000 bytes; at most 500,000 are allowed."),
            (error.Path, error.Keyword, error.Message));
    }

    [Theory]
    [MemberData(nameof(Oversized))]
    public void Validate_TooMuch_IsOneClearError(string what, string words)
    {
        JsonObject values = what switch
        {
            "many" => new JsonObject { ["a"] = new JsonArray(
                [.. Enumerable.Range(0, FormLimits.MaxValues).Select(i => (JsonNode)i)]) },
            "deep" => Enumerable.Range(0, 40).Aggregate(
                new JsonObject(), (inner, _) => new JsonObject { ["a"] = inner }),
            "total" => new JsonObject { ["a"] = new string(
                'x', 450_000), ["b"] = new string('x', 450_000), ["c"] = new string('x', 450_000) },
            "digits" => new JsonObject { ["a"] = JsonNode.Parse(new string('9', 5_000)) },
            _ => new JsonObject { [new string('n', 2_000)] = 1 },
        };

        Assert.Contains(
            words, Assert.Single(Form("""{"properties":{"a":{}}}""").Validate(values)).Message,
            StringComparison.Ordinal);
    }

    public static TheoryData<string, string> Oversized => new()
    {
        { "many", "more than 10,000 values" },
        { "deep", "more than 32 levels" },
        { "total", "together are too long" },
        { "digits", "more than 1,000 digits" },
        { "name", "name is longer" },
    };

    [Fact]
    public void SplitSecrets_SecretFields_LeaveTheValues()
    {
        var form = Form(SecretForm);

        var (values, secrets) = form.SplitSecrets(Values(
            """{"name":"a","token":"t0","db":{"user":"u","password":"p0"},"keys":[{"id":1,"key":"k0"},{"id":2}]}"""));

        Assert.Equal(["db/password", "keys/*/key", "token"], form.SecretNames);
        Assert.Equal("""{"name":"a","db":{"user":"u"},"keys":[{"id":1},{"id":2}]}""", values.ToJsonString());
        Assert.Equal("""{"db/password":"p0","keys/0/key":"k0","token":"t0"}""", secrets.ToJsonString());
    }

    [Fact]
    public void Validate_SecretsApart_CountAsFilledIn()
    {
        var form = Form(SecretForm);
        var all = Values("""{"token":"long-enough","db":{"password":"p"}}""");
        var (values, secrets) = form.SplitSecrets(all);

        Assert.True(form.Validate(all).IsValid);
        Assert.True(form.Validate(values, secrets).IsValid);
        Assert.Equal("/token", Assert.Single(form.Validate(values)).Path);
    }

    [Fact]
    public void Validate_MaskInPlaceOfASecret_IsReplacedByTheSecret()
        => Assert.True(Form(SecretForm).Validate(
            Values("""{"token":"***"}"""), Values("""{"token":"long-enough","unrelated":1}""")).IsValid);

    [Fact]
    public void Validate_WrongSecret_IsNotQuoted()
    {
        var errors = Form(SecretForm).Validate([], Values("""{"token":"abc"}"""));

        Assert.Equal("Token must be at least 8 characters.", Assert.Single(errors).Message);
    }

    [Fact]
    public void SecretNames_InABranch_AreIncluded()
        => Assert.Equal(["key"], Form(
            """{"allOf":[{"if":{},"then":{"properties":{"key":{"type":"string","ui:widget":"password"}}}}]}""").SecretNames);

    private const string SecretForm =
        """
        {"required":["token"],"properties":{"name":{"type":"string"},"token":{"type":"string","title":"Token","minLength":8,"ui:field":"Secret"},
         "db":{"type":"object","properties":{"user":{"type":"string"},"password":{"type":"string","ui:widget":"password"}}},
         "keys":{"type":"array","items":{"type":"object","properties":{"id":{"type":"integer"},"key":{"type":"string","ui:options":{"widget":"password"}}}}}}}
        """;
}
