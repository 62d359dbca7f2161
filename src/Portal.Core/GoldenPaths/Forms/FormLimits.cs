using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Portal.Core.Schema;

namespace Portal.Core.GoldenPaths.Forms;

/// <summary>How much a form may hold. Checked before anything else looks at the values.</summary>
public static class FormLimits
{
    /// <summary>Bytes of one text in UTF-8.</summary>
    public const int MaxTextBytes = 500_000;

    /// <summary>Bytes of all names and values together.</summary>
    public const int MaxTotalBytes = 1_000_000;

    /// <summary>Objects and lists inside each other.</summary>
    public const int MaxNesting = 32;

    /// <summary>Properties and list items together.</summary>
    public const int MaxValues = 10_000;

    internal static FormError? Check(JsonObject values)
    {
        var tally = new Tally();
        return tally.Visit(values, "", 0);
    }

    private sealed class Tally
    {
        private long bytes;
        private int values;

        public FormError? Visit(JsonNode? node, string path, int depth)
        {
            if (depth > MaxNesting) return Error(path, $"The values are nested more than {MaxNesting} levels deep.");

            if (++values > MaxValues) return Error("", $"The form holds more than {Words(MaxValues)} values.");

            return node switch
            {
                JsonObject members => members.Select(member => Named(member.Key, member.Value, path, depth))
                    .FirstOrDefault(error => error is not null),
                JsonArray items => items.Select((item, index) => Visit(
                    item, JsonPointer.Append(path, index), depth + 1)).FirstOrDefault(error => error is not null),
                null => null,
                _ => Leaf(node, path),
            };
        }

        private FormError? Named(string name, JsonNode? value, string path, int depth)
        {
            var bytes = Encoding.UTF8.GetByteCount(name);
            this.bytes += bytes;
            return bytes > 1_000 || this.bytes > MaxTotalBytes
                ? Error(path, "A name is longer than 1,000 bytes, or the names are too many.")
                : Visit(value, JsonPointer.Append(path, name), depth + 1);
        }

        private FormError? Leaf(JsonNode node, string path)
        {
            var kind = JsonKinds.Of(node);
            var bytes =
                kind == JsonKind.String ? Encoding.UTF8.GetByteCount(JsonKinds.Text(node)) : node.ToJsonString().Length;
            this.bytes += bytes;
            if (kind == JsonKind.Number && bytes > JsonNumber.MaxLiteralLength)
            {
                return Error(path, $"The number has more than {Words(JsonNumber.MaxLiteralLength)} digits.");
            }

            if (bytes > MaxTextBytes)
            {
                return Error(
                    path, $"The text is too long: {Words(bytes)} bytes; at most {Words(MaxTextBytes)} are allowed.");
            }

            return this.bytes > MaxTotalBytes
                ? Error(path, $"The values together are too long; at most {Words(MaxTotalBytes)} bytes are allowed.")
                : null;
        }

        private static FormError Error(string path, string message) => new(0, path, "size", message);

        private static string Words(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
    }
}
