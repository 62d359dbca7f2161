namespace Portal.Web.Dev;

/// <summary>A form with every kind of field that a template may ask for.</summary>
internal static class EveryField
{
    public const string Parameters = """
        - title: Every field
          required: [text, name, choice]
          properties:
            text: { title: Text, type: string, description: "What it is, in *Markdown*.", ui:placeholder: such as this, ui:help: A word of help. }
            long: { title: Long text, type: string, ui:widget: textarea, ui:options: { rows: 3 } }
            name: { title: Name, type: string, ui:field: EntityNamePicker }
            email: { title: Email, type: string, format: email }
            address: { title: Address, type: string, format: uri }
            secret: { title: Secret, type: string, ui:field: Secret }
            integer: { title: Whole number, type: integer }
            amount: { title: Number with arrows, type: number, ui:widget: updown, minimum: 0, maximum: 10 }
            range: { title: Range, type: integer, ui:widget: range, minimum: 0, maximum: 10, default: 3 }
            date: { title: Date, type: string, format: date }
            time: { title: Time, type: string, format: time }
            moment: { title: Date and time, type: string, format: date-time }
            colour: { title: Colour, type: string, ui:widget: color, default: "#3f57d6" }
            yes: { title: Yes or no, type: boolean, description: What follows from it. }
            choice: { title: Choice, type: string, enum: [small, medium, large], enumNames: [Small, Medium, Large] }
            one: { title: One of few, type: string, enum: [dev, prod], ui:widget: radio, default: dev }
            several: { title: Several, type: array, items: { type: string, enum: [logs, metrics, traces] }, uniqueItems: true, ui:widget: checkboxes }
            tags: { title: Tags, type: array, ui:field: EntityTagsPicker, items: { type: string } }
            owner: { title: Owner, type: string, ui:field: OwnerPicker }
            services: { title: Services, type: array, ui:field: MultiEntityPicker, ui:options: { catalogFilter: { kind: Component } }, items: { type: string } }
            repository: { title: Repository, type: string, ui:field: RepoUrlPicker }
            list: { title: List, type: array, items: { type: string, title: Line }, default: [one, two] }
            group: { title: Group, type: object, properties: { inner: { title: Inner, type: string } } }
        """;
}
