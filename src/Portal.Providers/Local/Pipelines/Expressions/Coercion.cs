using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Portal.Providers.Local.Pipelines.Expressions;

/// <summary>
/// GitHub's own rules for truth, equality, numbers and text (docs: "Evaluate expressions in workflows and actions").
/// </summary>
internal static class Coercion
{
    private static readonly JsonWriterOptions Indented = new()
    {
        Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static bool IsTrue(object? value) => value switch
    {
        null => false,
        bool b => b,
        double d => d != 0 && !double.IsNaN(d),
        string s => s.Length > 0,
        _ => true,
    };

    public static string ToText(object? value) => value switch
    {
        null => "",
        bool b => b ? "true" : "false",
        double d => NumberText(d),
        string s => s,
        ExprArray => "Array",
        _ => "Object",
    };

    public static double ToNumber(object? value) => value switch
    {
        null => 0,
        bool b => b ? 1 : 0,
        double d => d,
        string s => TextNumber(s),
        _ => double.NaN,
    };

    /// <summary>
    /// Different types are compared as numbers; text without regard to case; objects and arrays by identity.
    /// </summary>
    public static bool AreEqual(object? left, object? right) => (left, right) switch
    {
        (null, null) => true,
        (string a, string b) => a.Equals(b, StringComparison.OrdinalIgnoreCase),
        (bool a, bool b) => a == b,
        (ExprObject or ExprArray, _) or (_, ExprObject or ExprArray) => ReferenceEquals(left, right),
        _ => ToNumber(left) == ToNumber(right),
    };

    /// <summary>Null when the two cannot be ordered (one is not a number).</summary>
    public static int? Compare(object? left, object? right)
    {
        if (left is string a && right is string b) return string.Compare(a, b, StringComparison.OrdinalIgnoreCase);
        var (x, y) = (ToNumber(left), ToNumber(right));
        return double.IsNaN(x) || double.IsNaN(y) ? null : x.CompareTo(y);
    }

    /// <param name="budget">Of the expression that asks; null: the portal itself asks.</param>
    public static string ToJson(object? value, ExpressionBudget? budget = null)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, Indented)) Write(writer, value, budget);
        budget?.Make(stream.Length);
        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    public static object? FromJson(string text, ExpressionBudget budget)
    {
        try
        {
            budget.Make(text.Length);
            using var document = JsonDocument.Parse(
                text,
                new JsonDocumentOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
            return From(document.RootElement, budget);
        }
        catch (JsonException error)
        {
            throw new ExpressionException($"fromJSON was given text that is not JSON: {error.Message}");
        }
    }

    private static object? From(JsonElement element, ExpressionBudget budget)
    {
        budget.Hold(1);
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var made = new ExprObject();
                foreach (var property in element.EnumerateObject()) made[property.Name] = From(property.Value, budget);
                return made;
            case JsonValueKind.Array:
                var list = new ExprArray();
                list.AddRange(element.EnumerateArray().Select(e => From(e, budget)));
                return list;
            case JsonValueKind.String: return element.GetString();
            case JsonValueKind.Number: return element.GetDouble();
            case JsonValueKind.True: return true;
            case JsonValueKind.False: return false;
            default: return null;
        }
    }

    private static void Write(Utf8JsonWriter writer, object? value, ExpressionBudget? budget)
    {
        budget?.Step();
        // Looked at after each value, so that at most one text is written beyond the limit.
        if (budget is not null && writer.BytesCommitted + writer.BytesPending > ExpressionBudget.MaxText)
        {
            budget.Make(writer.BytesCommitted + writer.BytesPending);
        }
        switch (value)
        {
            case ExprObject made:
                writer.WriteStartObject();
                foreach (var (name, item) in made)
                {
                    writer.WritePropertyName(name);
                    Write(writer, item, budget);
                }

                writer.WriteEndObject();
                break;
            case ExprArray list:
                writer.WriteStartArray();
                foreach (var item in list) Write(writer, item, budget);
                writer.WriteEndArray();
                break;
            case null: writer.WriteNullValue(); break;
            case bool b: writer.WriteBooleanValue(b); break;
            case double d when Math.Abs(d) < 1e15 && d == Math.Floor(d): writer.WriteNumberValue((long)d); break;
            case double d when double.IsFinite(d): writer.WriteNumberValue(d); break;
            default: writer.WriteStringValue(ToText(value)); break;
        }
    }

    private static string NumberText(double number) =>
        double.IsPositiveInfinity(number) ? "Infinity" : double.IsNegativeInfinity(number) ? "-Infinity"
        : number == 0 ? "0" : number.ToString("G15", CultureInfo.InvariantCulture);

    private static double TextNumber(string text)
    {
        text = text.Trim();
        if (text.Length == 0) return 0;
        if (text.StartsWith("0x", StringComparison.Ordinal)
            && long.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var hex))
        {
            return hex;
        }
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number : double.NaN;
    }
}
