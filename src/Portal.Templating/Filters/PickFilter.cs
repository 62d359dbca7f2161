using System.Text;

namespace Portal.Templating.Filters;

/// <summary><c>pick</c>: a property by its name or by a path such as <c>items[0].name</c>.</summary>
internal static class PickFilter
{
    public static Value Pick(Value source, Value path, Value fallback)
    {
        var result = Get(source, path);
        return result.IsUndefined ? fallback : result;
    }

    private static Value Get(Value source, Value path)
    {
        if (source.IsNullish) return Value.Undefined;

        if (path.Kind == ValueKind.Array) return Walk(source, path.AsArray.Items.Select(item => item.ToString()));

        // A property that is named just so comes before a path.
        var text = path.ToString();
        var direct = Methods.Members.Own(source, text);
        return direct.IsUndefined ? Walk(source, Split(text)) : direct;
    }

    private static Value Walk(Value value, IEnumerable<string> path)
    {
        foreach (var part in path)
        {
            if (value.IsNullish) return Value.Undefined;

            value = Methods.Members.Own(value, part);
        }

        return value;
    }

    private static List<string> Split(string path)
    {
        var parts = new List<string>();
        var part = new StringBuilder();
        for (var index = 0; index < path.Length; index++)
        {
            if (path[index] == '[' && path.IndexOf(']', index) is var end && end > 0)
            {
                Flush();
                parts.Add(path[(index + 1)..end].Trim('"', '\''));
                index = end;
            }
            else if (path[index] == '.')
            {
                Flush();
            }
            else
            {
                part.Append(path[index]);
            }
        }

        Flush();
        return parts;

        void Flush()
        {
            if (part.Length > 0) parts.Add(part.ToString());

            part.Clear();
        }
    }
}
