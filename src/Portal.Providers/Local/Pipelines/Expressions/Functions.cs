using System.Globalization;
using System.Text;

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

    public static bool IsStatus(string name) => name.ToLowerInvariant() is "success" or "failure" or "always" or "cancelled";

    /// <summary>Throws for a function that does not exist or is called with the wrong number of arguments.</summary>
    public static void Check(string name, int arguments)
    {
        if (!Known.TryGetValue(name, out var allowed))
        {
            throw new ExpressionException($"there is no function '{name}'; known are {string.Join(", ", Known.Keys)}");
        }

        if (arguments >= allowed.Least && arguments <= allowed.Most) return;
        throw new ExpressionException($"{name}() takes {(allowed.Least == allowed.Most ? $"{allowed.Least}" : $"{allowed.Least} or more")} arguments, not {arguments}");
    }

    public static object? Invoke(string name, IReadOnlyList<Expression> arguments, ExpressionScope scope)
    {
        var values = arguments.Select(a => a.Evaluate(scope)).ToList();
        string Text(int at) => Coercion.ToText(values[at]);
        return name.ToLowerInvariant() switch
        {
            "success" => scope.Status == RunningStatus.Success,
            "failure" => scope.Status == RunningStatus.Failure,
            "cancelled" => scope.Status == RunningStatus.Cancelled,
            "always" => true,
            "contains" => Contains(values[0], values[1]),
            "startswith" => Text(0).StartsWith(Text(1), StringComparison.OrdinalIgnoreCase),
            "endswith" => Text(0).EndsWith(Text(1), StringComparison.OrdinalIgnoreCase),
            "format" => Format(Text(0), values),
            "join" => values[0] is ExprArray list
                ? string.Join(values.Count > 1 ? Text(1) : ",", list.Select(Coercion.ToText))
                : Text(0),
            "tojson" => Coercion.ToJson(values[0]),
            "fromjson" => Coercion.FromJson(Text(0)),
            _ => HashFiles(scope, values),
        };
    }

    private static string HashFiles(ExpressionScope scope, List<object?> values)
    {
        if (scope.HashFiles is null) throw new ExpressionException("hashFiles() can only be used in a step");
        return scope.HashFiles([.. values.SelectMany(v => Coercion.ToText(v).Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))]);
    }

    private static bool Contains(object? search, object? item) => search switch
    {
        ExprArray list => list.Exists(x => Coercion.AreEqual(x, item)),
        ExprObject => false,
        _ => Coercion.ToText(search).Contains(Coercion.ToText(item), StringComparison.OrdinalIgnoreCase),
    };

    private static string Format(string text, List<object?> values)
    {
        var made = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] is '{' or '}' && i + 1 < text.Length && text[i + 1] == text[i])
            {
                made.Append(text[i++]);
                continue;
            }

            if (text[i] is not '{')
            {
                made.Append(text[i] is '}' ? throw new ExpressionException($"format(): '{text}' has a '}}' too many; write '}}}}' for a brace") : text[i]);
                continue;
            }

            var end = text.IndexOf('}', i);
            if (end < 0 || !int.TryParse(text.AsSpan(i + 1, end - i - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var at) || at + 1 >= values.Count)
            {
                throw new ExpressionException($"format(): '{text}' does not fit its {values.Count - 1} arguments");
            }

            made.Append(Coercion.ToText(values[at + 1]));
            i = end;
        }

        return made.ToString();
    }
}
