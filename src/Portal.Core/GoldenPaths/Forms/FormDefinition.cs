using System.Text.Json.Nodes;
using Portal.Core.GoldenPaths.Forms.Resolution;
using Portal.Core.Schema;

namespace Portal.Core.GoldenPaths.Forms;

/// <summary>
/// The form of a template: <c>spec.parameters</c> of <c>scaffolder.backstage.io/v1beta3</c>, one or several pages of
/// JSON Schema with <c>ui:*</c>. Immutable; may be used by many threads at once. Values go in and come out as copies.
/// </summary>
public sealed class FormDefinition
{
    private const int MaxRounds = 10;

    private static readonly IReadOnlyDictionary<string, int> NoChoices = new Dictionary<string, int>();

    private FormDefinition(IReadOnlyList<FormPageDefinition> pages, List<SchemaNote> problems)
    {
        Pages = pages;
        var surveys = pages.Select(page => new FormSurvey(page.Source)).ToList();
        surveys.ForEach(survey => survey.Run());
        ParameterNames = surveys.SelectMany(survey => survey.Names).ToHashSet(StringComparer.Ordinal);
        SecretNames = [.. surveys.SelectMany(survey => survey.Secrets).Distinct(StringComparer.Ordinal)];
        problems.AddRange(surveys.Where(survey => survey.IsTooLarge).Select(
            _ => new SchemaNote("", "", "parameters declare too many fields, each use of a definition counted")));
        Problems = [.. problems, .. pages.SelectMany(page => page.Schema.Problems.Select(note => OnPage(page, note)))];
        Unsupported = [.. pages.SelectMany(page => page.Schema.Unsupported.Select(note => OnPage(page, note)))];
        Warnings = [.. pages.SelectMany(
            (page, i) => surveys[i].Warnings.Concat(page.Schema.Warnings).Select(note => OnPage(page, note)))];
    }

    public IReadOnlyList<FormPageDefinition> Pages { get; }

    /// <summary>
    /// Mistakes that the template's author must mend; a template that has any cannot be used. Paths start at
    /// <c>spec.parameters</c>.
    /// </summary>
    public IReadOnlyList<SchemaNote> Problems { get; }

    /// <summary>Keywords that constrain nothing here, to be named on the template's page.</summary>
    public IReadOnlyList<SchemaNote> Unsupported { get; }

    /// <summary>Fields and widgets that are replaced by plain ones, and other hints that are not followed.</summary>
    public IReadOnlyList<SchemaNote> Warnings { get; }

    /// <summary>Every name that <c>parameters.*</c> can have, in whichever branch it is declared.</summary>
    public IReadOnlySet<string> ParameterNames { get; }

    /// <summary>
    /// Fields whose values are secrets (<c>ui:field: Secret</c>, <c>ui:widget: password</c>): the name, or for a nested
    /// one its path without the leading slash, with * for the index in a list.
    /// </summary>
    public IReadOnlyList<string> SecretNames { get; }

    /// <summary>
    /// Reads <c>spec.parameters</c>: one page, a list of pages, or nothing. Never fails: see <see cref="Problems"/>.
    /// </summary>
    public static FormDefinition Parse(JsonNode? parameters)
    {
        var problems = new List<SchemaNote>();
        var pages = new List<FormPageDefinition>();
        switch (parameters)
        {
            case null:
                break;
            case JsonObject page:
                pages.Add(new FormPageDefinition(0, JsonSchema.Parse(page)));
                break;
            case JsonArray list:
                foreach (var (index, page) in list.Index())
                {
                    if (page is not JsonObject)
                    {
                        problems.Add(new SchemaNote(
                            $"/{index}", "", "is not a page: each item of parameters must be an object"));
                        continue;
                    }

                    pages.Add(new FormPageDefinition(pages.Count, JsonSchema.Parse(page)));
                }

                break;
            default:
                problems.Add(new SchemaNote("", "", "parameters must be an object or a list of objects"));
                break;
        }

        return new FormDefinition(pages, problems);
    }

    /// <summary>The form for the current values.</summary>
    /// <param name="values">What is filled in, secrets included.</param>
    /// <param name="choices">Which alternative the user picked, by <see cref="FormChoice.Key"/>; without an entry the
    /// values decide.</param>
    public FormState Resolve(JsonObject values, IReadOnlyDictionary<string, int>? choices = null)
    {
        var visible = Prune(values, choices);
        var pages = Pages.Select(page =>
            new FieldBuilder(new SchemaResolver(page.Schema, choices ?? NoChoices)).Page(
                page.Index, page.Title, page.Description, visible));
        return new FormState([.. pages], visible);
    }

    /// <summary>
    /// Fills in the defaults of all visible fields that have no value; for the start of a form and for a request that
    /// names few values.
    /// </summary>
    public JsonObject ApplyDefaults(JsonObject values, IReadOnlyDictionary<string, int>? choices = null) =>
        Fill(values, choices, _ => true);

    /// <summary>
    /// Sets one value and fills in the defaults of the fields that appear with it. What a user has cleared stays empty.
    /// </summary>
    public JsonObject Change(
        JsonObject values, string path, JsonNode? value, IReadOnlyDictionary<string, int>? choices = null)
    {
        var before = Resolve(values, choices).Fields.Select(field => field.Path).ToHashSet(StringComparer.Ordinal);
        return Fill(FormValues.Set(values, path, value), choices, at => !before.Contains(at));
    }

    /// <summary>
    /// Picks an alternative: the values of the other alternatives go, constants and defaults of this one come.
    /// </summary>
    /// <returns>The values, and the choices to pass on from now.</returns>
    public (JsonObject Values, IReadOnlyDictionary<string, int> Choices) Choose(
        JsonObject values, string key, int index, IReadOnlyDictionary<string, int>? choices = null)
    {
        var picked = new Dictionary<string, int>(choices ?? NoChoices, StringComparer.Ordinal) { [key] = index };
        var before = Resolve(values, choices).Fields.Select(shown => shown.Path).ToHashSet(StringComparer.Ordinal);
        var state = Resolve(values, picked);
        var kept = state.Values;
        var contradicted = state.Fields.Where(
            shown => shown is { Const: not null, Value: not null } && !JsonNode.DeepEquals(shown.Const, shown.Value));
        foreach (var shown in contradicted)
        {
            JsonPointer.Put(kept, JsonPointer.Tokens(shown.Path), null);
            before.Remove(shown.Path);
        }

        return (Fill(kept, picked, at => !before.Contains(at)), picked);
    }

    /// <summary>Adds an item to a list, with the defaults of its fields.</summary>
    public JsonObject AddItem(JsonObject values, string path, IReadOnlyDictionary<string, int>? choices = null)
    {
        var count = (FormValues.Get(values, path) as JsonArray)?.Count ?? 0;
        var item = Resolve(values, choices).Find(path) is { } list ? NewItem(list, count, values, choices) : null;
        var copy = (JsonObject)values.DeepClone();
        JsonPointer.Put(copy, [.. JsonPointer.Tokens(path), $"{count}"], item ?? JsonValue.Create(""));
        return copy;
    }

    /// <summary>Removes an item from a list.</summary>
    public static JsonObject RemoveItem(JsonObject values, string path, int index)
    {
        var copy = (JsonObject)values.DeepClone();
        if (FormValues.Get(copy, path) is JsonArray items && index >= 0 && index < items.Count) items.RemoveAt(index);

        return copy;
    }

    /// <summary>
    /// The values of visible fields. A name that no page declares is kept: whoever takes the values decides about it.
    /// </summary>
    public JsonObject Prune(JsonObject values, IReadOnlyDictionary<string, int>? choices = null)
    {
        var copy = (JsonObject)values.DeepClone();
        var resolvers = Resolvers(choices);
        for (var round = 0; round < MaxRounds && HiddenValues.Remove(resolvers, copy, ""); round++)
        {
            // What went may have been what another field hung on.
        }

        return copy;
    }

    /// <summary>
    /// Checks values by the rules of every page; the same in the page and on the server. Values of fields that are not
    /// shown do not count.
    /// </summary>
    /// <param name="values">The values, with or without the secrets.</param>
    /// <param name="secrets">Secrets by name as <see cref="SplitSecrets"/> gives them; they take the place of a value
    /// or of its mask.</param>
    /// <param name="choices">As for <see cref="Resolve"/>.</param>
    public FormErrors Validate(
        JsonObject values, JsonObject? secrets = null, IReadOnlyDictionary<string, int>? choices = null)
        => FormValidation.Check(this, values, secrets, choices);

    /// <summary>
    /// Takes the secrets out of the values. Keys are as in <see cref="SecretNames"/>, with the index in a list.
    /// </summary>
    public (JsonObject Values, JsonObject Secrets) SplitSecrets(JsonObject values) => FormSecrets.Split(this, values);

    /// <summary>
    /// The pages as Backstage's <c>parameter-schema</c> route gives them: <c>{title, description, schema}</c> each.
    /// </summary>
    public JsonArray ToParameterSchema()
    {
        var steps = new JsonArray();
        foreach (var page in Pages)
        {
            var step = new JsonObject { ["title"] = page.Title };
            if (page.Description is not null) step["description"] = page.Description;

            step["schema"] = page.Source.DeepClone();
            steps.Add(step);
        }

        return steps;
    }

    private JsonObject Fill(JsonObject values, IReadOnlyDictionary<string, int>? choices, Func<string, bool> mayFill)
    {
        var copy = (JsonObject)values.DeepClone();
        var fillers =
            Resolvers(choices).Select(page => (Filler: new DefaultValues(page.Resolver, mayFill), page.Sites)).ToList();
        for (var round = 0; round < MaxRounds; round++)
        {
            var changed = false;
            foreach (var (filler, sites) in fillers) changed |= filler.Fill(sites, copy, "");

            if (!changed) break;
        }

        return copy;
    }

    private JsonNode? NewItem(FormField list, int index, JsonObject values, IReadOnlyDictionary<string, int>? choices)
    {
        var trial = FormValues.Set(values, $"{list.Path}/{index}", new JsonObject());
        var filled = FormValues.Get(
            Fill(trial, choices, at => at.StartsWith(list.Path + "/", StringComparison.Ordinal)),
            $"{list.Path}/{index}");
        var type = Resolve(trial, choices).Find($"{list.Path}/{index}")?.Type;
        return type == "object"
            ? filled?.DeepClone()
            : Resolve(trial, choices).Find($"{list.Path}/{index}")?.Default?.DeepClone();
    }

    private List<(SchemaResolver Resolver, IReadOnlyList<SchemaSite> Sites)> Resolvers(
        IReadOnlyDictionary<string, int>? choices)
        => [.. Pages.Select(page => new SchemaResolver(page.Schema, choices ?? NoChoices))
            .Select(resolver => (resolver, (IReadOnlyList<SchemaSite>)[resolver.Root]))];

    private SchemaNote OnPage(FormPageDefinition page, SchemaNote note)
        => Pages.Count == 1 ? note : note with { SchemaPath = $"/{page.Index}{note.SchemaPath}" };
}
