using Bunit;
using Portal.Web.GoldenPaths.Fields;

namespace Portal.Web.Tests.GoldenPaths;

public sealed class FormPageTests : FieldTest
{
    private const string Conditional = """
        properties:
          public: { title: Public, type: boolean, default: false }
        dependencies:
          public:
            oneOf:
              - properties: { public: { const: false } }
              - properties: { public: { const: true }, domain: { title: Domain, type: string } }
                required: [domain]
        """;

    [Fact]
    public void Change_WhatAFieldHangsOn_ShowsIt()
    {
        Show(Conditional);
        Assert.False(IsShown("Domain"));

        Labelled("Public").Change(true);

        Assert.True(IsShown("Domain"));
    }

    [Fact]
    public void Show_BeforeAnythingIsTyped_SaysNoProblem()
    {
        Show("required: [name]\nproperties: { name: { title: Name, type: string } }");

        Assert.Equal("false", Labelled("Name").GetAttribute("aria-invalid"));
        Assert.Equal("true", Labelled("Name").GetAttribute("aria-required"));
    }

    [Fact]
    public void Leave_RequiredIsMissing_SaysSoBesideTheField()
    {
        Show("required: [name]\nproperties: { name: { title: Name, type: string } }");

        Leave();

        Assert.Equal("true", Labelled("Name").GetAttribute("aria-invalid"));
        Assert.Equal("Name is required.", Described(Labelled("Name")));
    }

    [Fact]
    public void Type_NameThatBreaksThePattern_SaysSoAtOnce()
    {
        Show("properties: { name: { title: Name, type: string, pattern: '^[a-z]+$', ui:field: EntityNamePicker } }");

        Labelled("Name").Input("Orders");
        Assert.Equal("true", Labelled("Name").GetAttribute("aria-invalid"));

        Labelled("Name").Input("orders");
        Assert.Equal("false", Labelled("Name").GetAttribute("aria-invalid"));
    }

    [Fact]
    public void Type_PlainText_SaysNothingUntilItIsLeft()
    {
        Show("properties: { code: { title: Code, type: string, minLength: 5 } }");

        Labelled("Code").Input("ab");
        Assert.Equal("false", Labelled("Code").GetAttribute("aria-invalid"));

        Labelled("Code").Blur();
        Assert.Equal("true", Labelled("Code").GetAttribute("aria-invalid"));
    }

    [Fact]
    public void Show_NameThatIsFree_SaysItsAddress()
    {
        Show(
            "properties: { name: { title: Name, type: string, ui:field: EntityNamePicker } }",
            new Names(new NameAddress("http://host/a.git", true), null));

        Assert.Contains("http://host/a.git", Described(Labelled("Name")), StringComparison.Ordinal);
    }

    [Fact]
    public void Leave_NameThatIsTaken_IsAProblem()
    {
        Show(
            "properties: { name: { title: Name, type: string, ui:field: EntityNamePicker } }",
            new Names(new NameAddress("http://host/a.git", false), "It is taken."));

        Assert.False(Form.Try(0));
        Assert.Contains("It is taken.", Described(Labelled("Name")), StringComparison.Ordinal);
    }

    [Fact]
    public void Add_ItemOfAList_ShowsItsFieldsAndRemoveTakesThem()
    {
        Show("properties: { ports: { title: Ports, type: array, items: { type: object, properties: { port: { title: Port, type: integer } } } } }");

        Button("Add item to Ports").Click();
        Labelled("Port").Input("80");
        Button("Add item to Ports").Click();
        Button("Move Item 1 down").Click();
        Assert.Equal(80, Value("/ports/1/port")!.GetValue<int>());

        Button("Remove Item 1").Click();
        Assert.Equal("""[{"port":80}]""", Value("/ports")!.ToJsonString());
    }

    [Fact]
    public void Choose_Alternative_ShowsItsFields()
    {
        Show("""
            properties:
              where:
                title: Where
                type: object
                oneOf:
                  - { title: Cloud, properties: { region: { title: Region, type: string } } }
                  - { title: On site, properties: { rack: { title: Rack, type: string } } }
            """);
        Assert.True(IsShown("Region"));

        Labelled("On site").Change("on");

        Assert.False(IsShown("Region"));
        Assert.True(IsShown("Rack"));
    }

    [Fact]
    public void Type_Secret_IsKeptApartFromTheValues()
    {
        Show("properties: { token: { title: Token, type: string, ui:field: Secret } }");

        Labelled("Token").Input("hunter22");

        var (plain, secrets) = Form.Form.SplitSecrets(Form.Values);
        Assert.Equal("{}", plain.ToJsonString());
        Assert.Equal("hunter22", secrets["token"]!.GetValue<string>());
    }

    private sealed class Names(NameAddress address, string? problem) : INameCheck
    {
        public NameAddress? AddressAt(string path) => address;

        public string? ProblemAt(string path) => problem;
    }
}
