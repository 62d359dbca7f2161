using Portal.Web.GoldenPaths.Fields;

namespace Portal.Web.Tests.GoldenPaths;

/// <summary>A form that corrects a run: what was given secretly may be kept, or be erased by now.</summary>
public sealed class KeptSecretsTests : FieldTest
{
    private const string Password = """
        required: [password]
        properties:
          password: { title: Password, type: string, minLength: 8, ui:field: Secret }
        """;

    [Fact]
    public void Password_KeptAndEmpty_IsFineAndSaysSo()
    {
        Show(Password, kept: new HashSet<string> { "/password" });
        Leave();

        Assert.True(Form.Errors.IsValid);
        Assert.Equal("false", Labelled("Password").GetAttribute("aria-invalid"));
    }

    [Fact]
    public void Password_KeptAndTypedTooShort_IsWrong()
    {
        Show(Password, kept: new HashSet<string> { "/password" });
        Form.Set(Form.State.Pages[0].Fields[0], "short");
        Leave();

        Assert.False(Form.Errors.IsValid);
    }

    [Fact]
    public void Password_ErasedAndEmpty_IsAskedFor()
    {
        Show(Password, kept: new HashSet<string>());
        Leave();

        Assert.False(Form.Errors.IsValid);
        Assert.Equal("true", Labelled("Password").GetAttribute("aria-invalid"));
    }
}
