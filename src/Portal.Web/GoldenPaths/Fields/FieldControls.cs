using Portal.Core.GoldenPaths.Forms;

namespace Portal.Web.GoldenPaths.Fields;

/// <summary>
/// Which control shows a field: by its <c>ui:field</c>, one of <see cref="KnownFields"/>, else by its widget.
/// </summary>
internal static class FieldControls
{
    /// <summary>Null for a field that is submitted and not shown.</summary>
    public static Type? For(FormField field) => field.Widget == FormWidget.Hidden ? null : field.Field switch
    {
        "EntityNamePicker" => typeof(NameField),
        "OwnerPicker" or "EntityPicker" or "OwnedEntityPicker" or "MyGroupsPicker" when field.Type
            != "array" => typeof(EntityField),
        "MultiEntityPicker" => typeof(EntitiesField),
        "EntityTagsPicker" => typeof(TagsField),
        "RepoUrlPicker" => typeof(RepoUrlField),
        "Secret" => typeof(PasswordField),
        _ => OfWidget(field),
    };

    private static Type OfWidget(FormField field) => field.Widget switch
    {
        FormWidget.TextArea => typeof(TextAreaField),
        FormWidget.Password => typeof(PasswordField),
        FormWidget.DateTime => typeof(DateTimeField),
        FormWidget.UpDown => typeof(NumberField),
        FormWidget.Range => typeof(RangeField),
        FormWidget.Checkbox => typeof(CheckboxField),
        FormWidget.Checkboxes => typeof(CheckboxesField),
        FormWidget.Radio => typeof(RadioField),
        FormWidget.Select => field.Type == "array" ? typeof(CheckboxesField) : typeof(SelectField),
        FormWidget.List => typeof(ListField),
        FormWidget.Group => typeof(GroupField),
        FormWidget.Text when field.Type == "array" => typeof(TagsField),
        _ => typeof(TextField),
    };
}
