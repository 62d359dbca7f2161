using System.Runtime.CompilerServices;
using System.Text;
using Portal.Templating.Filters;

namespace Portal.Templating;

/// <summary><c>JSON.stringify</c>, which the filter <c>dump</c> is.</summary>
internal sealed class JsonText
{
    private readonly StringBuilder text = new();
    private readonly string gap;
    private string indent = "";

    private JsonText(string gap) => this.gap = gap;

    /// <summary>The value as JSON, or null where JavaScript has undefined.</summary>
    public static string? Write(Value value, string gap)
    {
        var writer = new JsonText(gap);
        return writer.Append(value) ? writer.text.ToString() : null;
    }

    private bool Append(Value value)
    {
        if (text.Length > TextLimit.Current || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw new TemplateLimitException(
                "A value is too large or too deeply nested to be written as JSON, or holds itself.");
        }

        switch (value.Kind)
        {
            case ValueKind.Undefined or ValueKind.Callable:
                return false;
            case ValueKind.String:
                AppendQuoted(text, value.AsString);
                return true;
            case ValueKind.Number:
                text.Append(double.IsFinite(value.AsNumber) ? NumberText.Format(value.AsNumber) : "null");
                return true;
            case ValueKind.Array:
                AppendArray(value.AsArray);
                return true;
            case ValueKind.Object:
                AppendObject(value.AsObject);
                return true;
            case ValueKind.SafeString:
                AppendObject(value.AsPlainObject()!);
                return true;
            case ValueKind.Regex:
                text.Append("{}");
                return true;
            default:
                text.Append(Conversions.ToText(value));
                return true;
        }
    }

    private void AppendArray(ArrayValue array)
    {
        if (array.Count == 0)
        {
            text.Append("[]");
            return;
        }

        var outer = Open('[');
        for (var index = 0; index < array.Count; index++)
        {
            Separate(index > 0);
            if (!Append(array[index])) text.Append("null");
        }

        Close(']', outer);
    }

    private void AppendObject(ObjectValue value)
    {
        var any = false;
        var outer = Open('{');
        foreach (var key in value.Keys)
        {
            var member = value[key];
            if (member.Kind is ValueKind.Undefined or ValueKind.Callable) continue;

            Separate(any);
            any = true;
            AppendQuoted(text, key);
            text.Append(gap.Length > 0 ? ": " : ":");
            Append(member);
        }

        if (any)
        {
            Close('}', outer);
        }
        else
        {
            indent = outer;
            text.Append('}');
        }
    }

    private string Open(char bracket)
    {
        text.Append(bracket);
        var outer = indent;
        indent += gap;
        return outer;
    }

    private void Separate(bool comma)
    {
        if (comma) text.Append(',');

        if (gap.Length > 0) text.Append('\n').Append(indent);
    }

    private void Close(char bracket, string outer)
    {
        indent = outer;
        if (gap.Length > 0) text.Append('\n').Append(indent);

        text.Append(bracket);
    }

    public static void AppendQuoted(StringBuilder text, string value)
    {
        text.Append('"');
        for (var index = 0; index < value.Length; index++)
        {
            var character = value[index];
            switch (character)
            {
                case '"':
                    text.Append("\\\"");
                    break;
                case '\\':
                    text.Append("\\\\");
                    break;
                case '\b':
                    text.Append("\\b");
                    break;
                case '\f':
                    text.Append("\\f");
                    break;
                case '\n':
                    text.Append("\\n");
                    break;
                case '\r':
                    text.Append("\\r");
                    break;
                case '\t':
                    text.Append("\\t");
                    break;
                case < ' ':
                    text.Append("\\u").Append(((int)character).ToString("x4"));
                    break;
                default:
                    AppendUnit(text, value, index);
                    break;
            }
        }

        text.Append('"');
    }

    // Half of a surrogate pair is written as an escape.
    private static void AppendUnit(StringBuilder text, string value, int index)
    {
        var character = value[index];
        var paired = !char.IsSurrogate(character)
            || (char.IsHighSurrogate(character) && index + 1 < value.Length && char.IsLowSurrogate(value[index + 1]))
            || (char.IsLowSurrogate(character) && index > 0 && char.IsHighSurrogate(value[index - 1]));
        if (paired) text.Append(character);
        else text.Append("\\u").Append(((int)character).ToString("x4"));
    }
}
