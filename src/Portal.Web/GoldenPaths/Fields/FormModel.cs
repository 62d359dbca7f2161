using System.Text.Json.Nodes;
using Portal.Core.GoldenPaths.Forms;

namespace Portal.Web.GoldenPaths.Fields;

/// <summary>
/// A form while somebody fills it in: its values (secrets included, so it never leaves the circuit), and what is said
/// beside which field. What is wrong is said once a field was left or its page was tried, not while one is still typing
/// the first letters.
/// </summary>
public sealed class FormModel
{
    private readonly HashSet<string> touched = new(StringComparer.Ordinal);
    private readonly HashSet<int> tried = [];
    private IReadOnlyDictionary<string, int>? choices;

    /// <param name="kept">Paths of secrets that were given before and are kept when nothing is typed; null where none
    /// can be, in a draft.</param>
    public FormModel(FormDefinition form, JsonObject values, IReadOnlySet<string>? kept = null)
    {
        Form = form;
        Values = values;
        Kept = kept;
        State = form.Resolve(values);
        Errors = Validate();
    }

    public FormDefinition Form { get; }

    public IReadOnlySet<string>? Kept { get; }

    public JsonObject Values { get; private set; }

    public FormState State { get; private set; }

    public FormErrors Errors { get; private set; }

    /// <summary>Looks whether names are free; null where nothing is named.</summary>
    public INameCheck? Names { get; set; }

    /// <summary>Raised after a value changed or there is something new to say.</summary>
    public event Action? Changed;

    public void Set(FormField field, JsonNode? value) => Take(Form.Change(Values, field.Path, value, choices));

    public void Choose(string key, int index)
    {
        (var values, choices) = Form.Choose(Values, key, index, choices);
        Take(values);
    }

    public void Add(FormField list) => Take(Form.AddItem(Values, list.Path, choices));

    public void Remove(FormField list, int index)
    {
        touched.Add(list.Path);
        Take(FormDefinition.RemoveItem(Values, list.Path, index));
    }

    public void Move(FormField list, int from, int to)
    {
        if (FormValues.Get(Values, list.Path)?.DeepClone() is not JsonArray items || to < 0 || to >= items.Count)
        {
            return;
        }
        var item = items[from];
        items.RemoveAt(from);
        items.Insert(to, item);
        Set(list, items);
    }

    /// <summary>The field was left: from now on it says what is wrong.</summary>
    public void Touch(string path)
    {
        if (touched.Add(path)) Changed?.Invoke();
    }

    /// <summary>The page is to be left: from now on all its fields say what is wrong. True when nothing is.</summary>
    public bool Try(int page)
    {
        tried.Add(page);
        Changed?.Invoke();
        return Errors.OnPage(page).Count == 0 && !State.Pages[page].Fields.SelectMany(f => f.SelfAndBelow())
            .Any(f => Names?.ProblemAt(f.Path) is not null);
    }

    public void Tell() => Changed?.Invoke();

    /// <param name="below">Also of the values inside it, where the field shows them as one control.</param>
    public IReadOnlyList<string> ProblemsAt(string path, bool below = false)
    {
        var said = Errors.Where(e => (e.Path == path || below && e.Path.StartsWith(
            path + "/", StringComparison.Ordinal)) && (touched.Contains(path) || tried.Contains(e.Page)))
            .Select(e => e.Message).Distinct(StringComparer.Ordinal).ToList();
        if (said.Count == 0 && Names?.ProblemAt(path) is { } taken) said.Add(taken);
        return said;
    }

    /// <summary>What is wrong with the page as a whole.</summary>
    public IReadOnlyList<string> ProblemsOf(int page) =>
        tried.Contains(page) ? [.. Errors.OnPage(page).Where(e => e.Path.Length == 0).Select(e => e.Message)] : [];

    private FormErrors Validate()
    {
        var errors = Form.Validate(Values, choices: choices);
        return Kept is null ? errors : new FormErrors(
            [.. errors.Where(e => !Kept.Contains(e.Path) || FormValues.Get(Values, e.Path) is not null)]);
    }

    private void Take(JsonObject values)
    {
        Values = values;
        State = Form.Resolve(values, choices);
        Errors = Validate();
        Changed?.Invoke();
    }
}
