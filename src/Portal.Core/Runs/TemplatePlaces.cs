using System.Text.RegularExpressions;
using Portal.Core.Shared;
using Portal.Core.Shared.Files;
using Portal.Templating;

namespace Portal.Core.Runs;

/// <summary>
/// Finds the line and column of an expression's error in the template's own file. Made only when there is an error.
/// </summary>
internal sealed partial class TemplatePlaces
{
    private readonly string file;
    private readonly YamlDocument? document;

    public TemplatePlaces(FileTree template)
    {
        file = template.TryGet("template.yaml", out _)
            || !template.TryGet("template.yml", out _) ? "template.yaml" : "template.yml";
        try
        {
            document = template.ReadText(file) is { } text && Yaml.Parse(text) is [var first, ..] ? first : null;
        }
        catch (YamlFormatException)
        {
            // A plan of an unreadable file never comes this far; a pinned one was readable once.
        }
    }

    /// <param name="pointer">Of the text in the file, e.g. <c>/spec/steps/0/input/values/name</c>.</param>
    public string Message(TemplateException error, string pointer)
    {
        var where = Words(pointer);
        var suggestion = error.Suggestion is null ? "" : $" Did you mean '{error.Suggestion}'?";
        var reason = $"{error.Reason.TrimEnd('.')} ({where}).{suggestion}";
        if (document is null) return $"{file}: {reason}";
        var (line, column) = document.PlaceOf(pointer).Of(Math.Max(1, error.Line), Math.Max(1, error.Column));
        return $"{file}:{line}:{column}: {reason}";
    }

    private static string Words(string pointer)
    {
        var step = StepPattern().Match(pointer);
        return step.Success
            ? $"step {int.Parse(step.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture) + 1}, {step.Groups[2].Value.Replace('/', '.')}"
            : pointer.TrimStart('/').Replace('/', '.');
    }

    [GeneratedRegex("^/spec/steps/([0-9]+)/(.+)$")]
    private static partial Regex StepPattern();
}
