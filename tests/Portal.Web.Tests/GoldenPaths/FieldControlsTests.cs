using Bunit;

namespace Portal.Web.Tests.GoldenPaths;

public sealed class FieldControlsTests : FieldTest
{
    [Theory]
    [InlineData("type: string", "input", "text")]
    [InlineData("type: string\nui:widget: password", "input", "password")]
    [InlineData("type: string\nui:field: Secret", "input", "password")]
    [InlineData("type: string\nformat: email", "input", "email")]
    [InlineData("type: string\nformat: uri", "input", "url")]
    [InlineData("type: string\nformat: date", "input", "date")]
    [InlineData("type: string\nformat: date-time", "input", "datetime-local")]
    [InlineData("type: string\nui:field: EntityNamePicker", "input", "text")]
    [InlineData("type: string\nui:field: NotOfThisPortal", "input", "text")]
    [InlineData("type: string\nui:widget: textarea", "textarea", "text")]
    [InlineData("type: string\nenum: [a, b]", "select", null)]
    [InlineData("type: integer", "input", "text")]
    [InlineData("type: integer\nui:widget: updown", "input", "number")]
    [InlineData("type: number\nui:widget: range", "input", "range")]
    [InlineData("type: boolean", "input", "checkbox")]
    [InlineData("type: boolean\nui:widget: select", "select", null)]
    [InlineData("type: array\nui:field: EntityTagsPicker", "input", "text")]
    public void Show_OneControl_IsLabelled(string schema, string element, string? type)
    {
        ShowOne(schema);

        var control = Labelled("Thing");
        Assert.Equal((element, type), (control.LocalName, control.GetAttribute("type")));
    }

    [Theory]
    [InlineData("type: string\nenum: [a, b]\nenumNames: [Alpha, Beta]\nui:widget: radio", "Alpha")]
    [InlineData("type: array\nitems: { type: string, enum: [Alpha, Beta] }\nui:widget: checkboxes", "Alpha")]
    [InlineData("type: boolean\nui:widget: radio", "Yes")]
    public void Show_SeveralControls_EachIsLabelledInItsGroup(string schema, string option)
    {
        ShowOne(schema);

        Assert.Contains(option, Group("Thing").TextContent, StringComparison.Ordinal);
        Assert.Equal("input", Labelled(option).LocalName);
    }

    [Fact]
    public void Show_Hidden_IsSubmittedAndNotShown()
    {
        ShowOne("type: string\nui:widget: hidden\ndefault: kept");

        Assert.False(IsShown("Thing"));
        Assert.Equal("kept", Value("/thing")!.GetValue<string>());
    }

    [Fact]
    public void Show_DescriptionHelpAndPlaceholder_DescribeTheControl()
    {
        ShowOne("type: string\ndescription: What it is.\nui:help: Think twice.\nui:placeholder: such as this");

        var control = Labelled("Thing");
        Assert.Equal("What it is. Think twice.", Described(control));
        Assert.Equal("such as this", control.GetAttribute("placeholder"));
    }

    [Fact]
    public void Type_Number_KeepsTheNumber()
    {
        ShowOne("type: integer");

        Labelled("Thing").Input("12");

        Assert.Equal(12, Value("/thing")!.GetValue<int>());
    }

    [Fact]
    public void Type_Tags_MakesAList()
    {
        ShowOne("type: array\nui:field: EntityTagsPicker\nitems: { type: string }");

        Labelled("Thing").Input("java, web");

        Assert.Equal("""["java","web"]""", Value("/thing")!.ToJsonString());
    }

    [Fact]
    public void Type_DateTime_IsInUtc()
    {
        ShowOne("type: string\nformat: date-time");

        Labelled("Thing").Input("2026-11-21T10:30");

        Assert.Equal("2026-11-21T10:30:00Z", Value("/thing")!.GetValue<string>());
        Assert.Equal("2026-11-21T10:30", Labelled("Thing").GetAttribute("value"));
    }

    [Fact]
    public void Tick_Checkboxes_KeepsTheOrderOfTheOptions()
    {
        ShowOne("type: array\nitems: { type: string, enum: [a, b, c] }\nui:widget: checkboxes");

        Labelled("c").Change(true);
        Labelled("a").Change(true);

        Assert.Equal("""["a","c"]""", Value("/thing")!.ToJsonString());
    }

    [Fact]
    public void Choose_Select_KeepsTheValueNotTheLabel()
    {
        ShowOne("type: integer\nenum: [1, 2]\nenumNames: [One, Two]");

        Labelled("Thing").Change("1");

        Assert.Equal("2", Value("/thing")!.ToJsonString());
    }

    [Theory]
    [InlineData("type: string\nenum: [a, b]", 3)]
    [InlineData("type: string\nenum: [a, b]\ndefault: a", 2)]
    public void Show_Select_OffersNothingOnlyWithoutADefault(string schema, int options)
    {
        ShowOne(schema);

        Assert.Equal(options, Labelled("Thing").QuerySelectorAll("option").Length);
    }

    private void ShowOne(string schema) =>
        Show(
            $"properties:\n  thing:\n    title: Thing\n    {schema.Replace("\n", "\n    ", StringComparison.Ordinal)}");
}
