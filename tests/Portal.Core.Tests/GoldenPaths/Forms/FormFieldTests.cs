using System.Text.Json.Nodes;
using Portal.Core.GoldenPaths.Forms;
using static Portal.Core.Tests.GoldenPaths.Forms.FormBuilder;

namespace Portal.Core.Tests.GoldenPaths.Forms;

public sealed class FormFieldTests
{
    [Theory]
    [InlineData("""{"type":"string"}""", FormWidget.Text)]
    [InlineData("""{"type":"string","ui:widget":"textarea"}""", FormWidget.TextArea)]
    [InlineData("""{"type":"string","ui:options":{"widget":"textarea"}}""", FormWidget.TextArea)]
    [InlineData("""{"type":"string","ui:widget":"password"}""", FormWidget.Password)]
    [InlineData("""{"type":"string","ui:field":"Secret"}""", FormWidget.Password)]
    [InlineData("""{"type":"string","ui:widget":"hidden"}""", FormWidget.Hidden)]
    [InlineData("""{"type":"string","format":"email"}""", FormWidget.Email)]
    [InlineData("""{"type":"string","format":"uri"}""", FormWidget.Url)]
    [InlineData("""{"type":"string","format":"date"}""", FormWidget.Date)]
    [InlineData("""{"type":"string","enum":["a","b"]}""", FormWidget.Select)]
    [InlineData("""{"type":"string","enum":["a","b"],"ui:widget":"radio"}""", FormWidget.Radio)]
    [InlineData("""{"enum":["a","b"]}""", FormWidget.Select)]
    [InlineData("""{"type":"string","oneOf":[{"const":"a","title":"A"}]}""", FormWidget.Select)]
    [InlineData("""{"type":"boolean"}""", FormWidget.Checkbox)]
    [InlineData("""{"type":"boolean","ui:widget":"radio"}""", FormWidget.Radio)]
    [InlineData("""{"type":"boolean","enumNames":["Yes","No"]}""", FormWidget.Radio)]
    [InlineData("""{"type":"integer"}""", FormWidget.Number)]
    [InlineData("""{"type":"integer","ui:widget":"updown"}""", FormWidget.UpDown)]
    [InlineData("""{"type":"number","ui:widget":"range"}""", FormWidget.Range)]
    [InlineData(
        """{"type":"array","items":{"type":"string","enum":["a"]},"uniqueItems":true}""", FormWidget.Checkboxes)]
    [InlineData("""{"type":"array","items":{"type":"string"}}""", FormWidget.List)]
    [InlineData("""{"type":"array","items":{"type":"string"},"ui:widget":"textarea"}""", FormWidget.List)]
    [InlineData("""{"type":"object","properties":{}}""", FormWidget.Group)]
    [InlineData("""{"properties":{}}""", FormWidget.Group)]
    [InlineData("""{"type":["null","integer"]}""", FormWidget.Number)]
    [InlineData("""{"type":"string","ui:widget":"sparkle"}""", FormWidget.Text)]
    public void Resolve_Widget_IsTheAskedOneOrTheNaturalOne(string schema, FormWidget widget)
        => Assert.Equal(widget, Form($$$"""{"properties":{"a":{{{schema}}}}}""").Field("/a").Widget);

    [Fact]
    public void Resolve_FullyDescribedField_CarriesEverything()
    {
        var field = Form(
            """
            {"required":["name"],"properties":{"name":{"type":"string","title":"Name","description":"Who","default":"x","minLength":2,"maxLength":9,"pattern":"^a",
             "ui:autofocus":true,"ui:placeholder":"type here","ui:help":"a hint","ui:disabled":true,"ui:readonly":true,"ui:options":{"rows":7}}}}
            """).Field("/name", """{"name":"abc"}""");

        Assert.Equal(("Name", "Who", "string", true), (field.Title, field.Description, field.Type, field.Required));
        Assert.Equal(
            ("x", "abc", 2, 9, "^a"),
            ((string?)field.Default, (string?)field.Value, field.MinLength, field.MaxLength, field.Pattern));
        Assert.Equal(
            (true, "type here", "a hint", true, true, 7),
            (field.Autofocus, field.Placeholder, field.Help, field.Disabled, field.ReadOnly, field.Rows));
    }

    [Theory]
    [InlineData(
        """{"type":"object","title":"Pet","oneOf":[{"title":"Cat","properties":{"meow":{}}},{"title":"Dog","properties":{"bark":{}}}]}""",
        "Pet")]
    [InlineData(
        """{"type":"object","oneOf":[{"title":"Cat","properties":{"meow":{}}},{"title":"Dog","properties":{"bark":{}}}]}""",
        "Cat")]
    public void Resolve_FieldWithAlternatives_KeepsItsOwnTitle(string schema, string title)
        => Assert.Equal(title, Form($$$"""{"properties":{"a":{{{schema}}}}}""").Field("/a").Title);

    [Fact]
    public void Resolve_Number_CarriesItsBounds()
    {
        var field =
            Form("""{"properties":{"n":{"type":"number","minimum":0.5,"maximum":10,"multipleOf":0.5}}}""").Field("/n");

        Assert.Equal(("0.5", "10", "0.5"), (field.Min, field.Max, field.Step));
    }

    [Theory]
    [InlineData("""{"type":"integer","enum":[1,2],"enumNames":["One","Two"]}""", "1=One 2=Two")]
    [InlineData("""{"type":"string","enum":["a","b"],"enumNames":["A"]}""", "\"a\"=A \"b\"=b")]
    [InlineData(
        """{"type":"string","anyOf":[{"const":"a","title":"Aa"},{"enum":["b"],"title":"Bb"}]}""", "\"a\"=Aa \"b\"=Bb")]
    [InlineData("""{"type":"array","items":{"enum":["x","y"],"enumNames":["X","Y"]}}""", "\"x\"=X \"y\"=Y")]
    [InlineData("""{"type":"boolean","enumNames":["On","Off"]}""", "true=On false=Off")]
    [InlineData("""{"allOf":[{"enum":["a","b"]},{"enum":["b","c"]}]}""", "\"b\"=b")]
    public void Resolve_Options_HaveValueAndLabel(string schema, string options)
        => Assert.Equal(options, string.Join(' ', Form($$$"""{"properties":{"a":{{{schema}}}}}""").Field("/a").Options
            .Select(option => $"{option.Value?.ToJsonString()}={option.Label}")));

    [Theory]
    [InlineData("""["c","a"]""", "/c /a /b")]
    [InlineData("""["c","*"]""", "/c /a /b")]
    [InlineData("""["*","a"]""", "/b /c /a")]
    [InlineData("""["b","*","a"]""", "/b /c /a")]
    public void Resolve_UiOrder_DecidesTheOrder(string order, string fields)
        => Assert.Equal(
            fields, Form($$$"""{"ui:order":{{{order}}},"properties":{"a":{},"b":{},"c":{}} }""").Visible("{}"));

    [Theory]
    [InlineData("EntityNamePicker")]
    [InlineData("OwnerPicker")]
    [InlineData("OwnedEntityPicker")]
    [InlineData("EntityPicker")]
    [InlineData("RepoUrlPicker")]
    [InlineData("MyGroupsPicker")]
    [InlineData("Secret")]
    public void Resolve_KnownUiField_IsKeptWithItsOptions(string name)
    {
        var form = Form(
            $$$"""{"properties":{"a":{"type":"string","ui:field":"{{{name}}}","ui:options":{"catalogFilter":{"kind":"Group"},"allowedHosts":["github.com"]} } } }""");
        var field = form.Field("/a");

        Assert.Equal(name, field.Field);
        Assert.Equal("Group", (string?)field.UiOptions["catalogFilter"]!["kind"]);
        Assert.Empty(form.Warnings);
    }

    [Fact]
    public void Resolve_ArrayWithPicker_IsLeftToThePicker()
        => Assert.Equal(
            ("MultiEntityPicker", FormWidget.Text),
            Form("""{"properties":{"a":{"type":"array","items":{"type":"string"},"ui:field":"MultiEntityPicker"}}}""").Field(
                "/a") is var field ? (field.Field, field.Widget) : default);

    [Fact]
    public void Resolve_UnknownUiField_FallsBackWithAWarning()
    {
        var form = Form("""{"properties":{"a":{"type":"integer","ui:field":"SelectFieldFromApi"}}}""");

        Assert.Equal((null, FormWidget.Number), form.Field("/a") is var field ? (field.Field, field.Widget) : default);
        var warning = Assert.Single(form.Warnings);
        Assert.Equal("/properties/a/ui:field", warning.SchemaPath);
        Assert.Contains("'SelectFieldFromApi' (a)", warning.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Resolve_ListOfObjects_HasItemsThatCanComeAndGo()
    {
        var form = Form(
            """{"properties":{"ports":{"type":"array","minItems":1,"maxItems":2,"items":{"type":"object","properties":{"port":{"type":"integer","title":"Port","default":80}}}}}}""");
        var one = form.Field("/ports", """{"ports":[{"port":1}]}""");
        var two = form.Field("/ports", """{"ports":[{"port":1},{"port":2}]}""");

        Assert.Equal((true, false, false), (one.CanAdd, one.CanRemove, one.CanReorder));
        Assert.Equal((false, true, true), (two.CanAdd, two.CanRemove, two.CanReorder));
        Assert.Equal(["Item 1", "Item 2"], two.Items.Select(item => item.Title));
        Assert.Equal("/ports/1/port", two.Items[1].Children[0].Path);
    }

    [Fact]
    public void AddItem_ListOfObjects_StartsWithDefaults()
    {
        var form = Form(
            """{"properties":{"ports":{"type":"array","items":{"type":"object","properties":{"port":{"type":"integer","default":80},"name":{"type":"string"}}}}}}""");
        var values = form.AddItem(Values("""{"ports":[{"port":1}]}"""), "/ports");

        Assert.Equal("""{"ports":[{"port":1},{"port":80}]}""", values.ToJsonString());
        Assert.Equal("""{"ports":[{"port":80}]}""", FormDefinition.RemoveItem(values, "/ports", 0).ToJsonString());
    }

    [Fact]
    public void AddItem_ListOfText_AddsAnEmptyOne()
        => Assert.Equal("""{"tags":[""]}""", Form(
            """{"properties":{"tags":{"type":"array","items":{"type":"string"}}}}""").AddItem([], "/tags")
                .ToJsonString());

    [Fact]
    public void Resolve_TitledAlternatives_AreAChoice()
    {
        var form = Form(Storage);
        var state = form.Resolve(Values("""{"storage":{"kind":"s3","bucket":"b"}}"""));
        var choice = Assert.Single(state.Find("/storage")!.Choices);

        Assert.Equal(["Local disk", "Bucket"], choice.Titles);
        Assert.Equal(1, choice.Selected);
        Assert.Equal(
            ["/storage/kind", "/storage/bucket"], state.Find("/storage")!.Children.Select(child => child.Path));
        Assert.Equal(FormWidget.Hidden, state.Find("/storage/kind")!.Widget);
    }

    [Fact]
    public void Choose_OtherAlternative_SwapsItsValues()
    {
        var form = Form(Storage);
        var values = Values("""{"storage":{"kind":"s3","bucket":"b"}}""");
        var key = form.Resolve(values).Find("/storage")!.Choices[0].Key;

        var (changed, choices) = form.Choose(values, key, 0);

        Assert.Equal("""{"storage":{"kind":"disk","path":"/data"}}""", changed.ToJsonString());
        Assert.Equal(0, form.Resolve(changed).Find("/storage")!.Choices[0].Selected);
        Assert.Equal(0, choices[key]);
    }

    [Fact]
    public void Validate_ChosenAlternative_NamesItsField()
        => Assert.Equal(
            "/storage/bucket: Bucket name is required.", Form(Storage).Messages("""{"storage":{"kind":"s3"}}"""));

    [Fact]
    public void Resolve_AlternativesThatOnlyRequire_AreNoChoice()
    {
        var form = Form(
            """{"properties":{"a":{"type":"string"},"b":{"type":"string"}},"anyOf":[{"required":["a"]},{"required":["b"]}]}""");

        Assert.Empty(form.Resolve([]).Pages[0].Choices);
        Assert.Equal(": The page must match at least one of the 2 alternatives.", form.Messages("{}"));
    }

    [Theory]
    [InlineData("integer", "12", "12")]
    [InlineData("number", " 1.50 ", "1.50")]
    [InlineData("number", "twelve", "\"twelve\"")]
    [InlineData("string", "12", "\"12\"")]
    [InlineData("string", "", null)]
    public void FromText_TypedText_BecomesTheFieldsType(string type, string text, string? json)
        => Assert.Equal(json, FormValues.FromText(
            Form($$$"""{"properties":{"a":{"type":"{{{type}}}"} } }""").Field("/a"), text)?.ToJsonString());

    [Fact]
    public void Set_NestedPath_MakesWhatIsMissingAndTakesAwayWhatIsEmpty()
    {
        var values = FormValues.Set([], "/a/b/0/c", JsonValue.Create("x"));

        Assert.Equal("""{"a":{"b":[{"c":"x"}]}}""", values.ToJsonString());
        Assert.Equal("""{"a":{"b":[{}]}}""", FormValues.Set(values, "/a/b/0/c", JsonValue.Create("")).ToJsonString());
        Assert.Equal("{}", FormValues.Set([], "/a/b", null).ToJsonString());
    }

    private const string Storage =
        """
        {"properties":{"storage":{"type":"object","title":"Storage","oneOf":[
          {"title":"Local disk","properties":{"kind":{"const":"disk"},"path":{"type":"string","default":"/data"}}},
          {"title":"Bucket","properties":{"kind":{"const":"s3"},"bucket":{"type":"string","title":"Bucket name"}},"required":["bucket"]}]}}}
        """;
}
