using System.Globalization;
using System.Text;
using Portal.Core.Shared;

namespace Portal.Providers.Local.Pipelines.Expressions;

/// <summary>The functions of the expression language.</summary>
internal static class Functions
{
    private static readonly Dictionary<string, (int Least, int Most)> Known = new(StringComparer.OrdinalIgnoreCase)
    {
        ["success"] = (0, 0), ["failure"] = (0, 0), ["always"] = (0, 0), ["cancelled"] = (0, 0),
        ["contains"] = (2, 2), ["startsWith"] = (2, 2), ["endsWith"] = (2, 2), ["format"] = (1, 255), ["join"] = (1, 2),
        ["toJSON"] = (1, 1), ["fromJSON"] = (1, 1), ["hashFiles"] = (1, 255),
    };

    /// <summary>Each looks through the workspace: a text may do so twenty times.</summary>
    private const int HashFilesSteps = ExpressionBudget.MaxSteps / 20;

    public static bool IsStatus(string name) =>
        name.ToLowerInvariant() is "success" or "failure" or "always" or "cancelled";

    /// <summary>Throws for a function that does not exist or is called with the wrong number of arguments.</summary>
    public static void Check(string name, int arguments)
    {
        if (!Known.TryGetValue(name, out var allowed))
        {
            throw new ExpressionException($"there is no function '{name}'; known are {string.Join(", ", Known.Keys)}");
        }

        if (arguments >= allowed.Least && arguments <= allowed.Most) return;
        throw new ExpressionException(
            $"{name}() takes {(allowed.Least == allowed.Most ? $"{allowed.Least}" : $"{allowed.Least} or more")} "
            + $"arguments, not {arguments}");
    }

    public static object? Invoke(string name, IReadOnlyList<Expression> arguments, ExpressionScope scope)
    {
        var values = arguments.Select(a => a.Evaluate(scope)).ToList();
        var budget = scope.Budget;
        string Text(int at) => Coercion.ToText(values[at]);
        string Looked(string text)
        {
            budget.Look(text.Length);
            return text;
        }

        return name.ToLowerInvariant() switch
        {
            "success" => scope.Status == RunningStatus.Success,
            "failure" => scope.Status == RunningStatus.Failure,
            "cancelled" => scope.Status == RunningStatus.Cancelled,
            "always" => true,
            "contains" => Contains(values[0], values[1], budget),
            "startswith" =>
                Looked(Text(1)) is var start && Text(0).StartsWith(start, StringComparison.OrdinalIgnoreCase),
            "endswith" => Looked(Text(1)) is var end && Text(0).EndsWith(end, StringComparison.OrdinalIgnoreCase),
            "format" => Format(Text(0), values, budget),
            "join" => values[0] is ExprArray list ? Join(list, values.Count > 1 ? Text(1) : ",", budget) : Text(0),
            "tojson" => Coercion.ToJson(values[0], budget),
            "fromjson" => Coercion.FromJson(Text(0), budget),
            _ => HashFiles(scope, values),
        };
    }

    private static string HashFiles(ExpressionScope scope, List<object?> values)
    {
        if (scope.HashFiles is null) throw new ExpressionException("hashFiles() can only be used in a step");
        scope.Budget.Step(HashFilesSteps);
        return scope.HashFiles(
            [.. values.SelectMany(v => Coercion.ToText(v).Split(
                '\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))]);
    }

    private static bool Contains(object? search, object? item, ExpressionBudget budget)
    {
        switch (search)
        {
            case ExprObject:
                return false;
            case ExprArray list:
                budget.Look(list.Sum(
                    x =>
                        64L + (item is string text && x is string other
                            && text.Length == other.Length ? text.Length : 0)));
                return list.Exists(x => Coercion.AreEqual(x, item));
            default:
                var (whole, part) = (Coercion.ToText(search), Coercion.ToText(item));
                // A part that nearly occurs everywhere is compared everywhere.
                budget.Look((long)whole.Length * Math.Min(part.Length, whole.Length));
                return whole.Contains(part, StringComparison.OrdinalIgnoreCase);
        }
    }

    private static string Join(ExprArray list, string separator, ExpressionBudget budget)
    {
        var length = 0L;
        foreach (var item in list)
        {
            budget.Step();
            length += separator.Length + Coercion.ToText(item).Length;
        }

        budget.Make(length);
        return string.Join(separator, list.Select(Coercion.ToText));
    }

    private static string Format(string text, List<object?> values, ExpressionBudget budget)
    {
        var made = new StringBuilder();
        budget.Make(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] is '{' or '}' && i + 1 < text.Length && text[i + 1] == text[i])
            {
                made.Append(text[i++]);
                continue;
            }

            if (text[i] is not '{')
            {
                made.Append(text[i] is '}' ? throw new ExpressionException($"format(): '{Words.Short(text)}' has a "
                    + "'}}' too many; write '}}}}' for a brace") : text[i]);
                continue;
            }

            var end = text.IndexOf('}', i);
            if (end < 0 || !int.TryParse(
                text.AsSpan(i + 1, end - i - 1), NumberStyles.None, CultureInfo.InvariantCulture,
                out var at) || at + 1 >= values.Count)
            {
                throw new ExpressionException(
                    $"format(): '{Words.Short(text)}' does not fit its {values.Count - 1} arguments");
            }

            var value = Coercion.ToText(values[at + 1]);
            budget.Make(value.Length);
            if (made.Length + value.Length > ExpressionBudget.MaxText) budget.Make((long)made.Length + value.Length);
            made.Append(value);
            i = end;
        }

        return made.ToString();
    }
}
