using System.Text;
using System.Text.Json.Nodes;

namespace Portal.Web.Tests.Requests;

/// <summary>What nobody should send, as it stands on the wire.</summary>
internal static class Malformed
{
    /// <summary>For a part of a path or a value of a query; escaped already.</summary>
    public static readonly string[] Values =
    [
        "%00", "a%00b", "%ED%A0%80", "%FF%FE", "%C3", "%", "%zz", "-1", "-2147483648", "2147483647", "2147483648",
        "9223372036854775807", "99999999999999999999999",
        "1e400", "NaN", "1.5", "%2e%2e%2fx", "..%2f..", "a:b:c%2Fd", "%27%22%3C%3E", "%25%5F%5C", "%F0%9F%92%A9",
        "%E2%80%AE", "%0d%0aX-Evil%3A1", "2026-11-25T10:00:00+05:00",
        "2026-11-25T10:00:00%2B05:00", "0001-01-01T00:00:00%2B14:00", "9999-12-31T23:59:59-14:00", "2026-13-45",
        "9999999999-01", new('x', 3_000),
        Cursor("null"), Cursor("{}"), Cursor("""{"Filters":null,"OrderField":"","Offset":0,"Limit":1}"""),
        Cursor("""{"Filters":[null],"OrderField":"a","Offset":0,"Limit":1}"""),
        Cursor("""{"Filters":["a\u0000=b"],"OrderField":"a","Offset":0,"Limit":1}"""),
        Cursor("""{"Filters":["\ud800"],"OrderField":"a","Offset":0,"Limit":1}"""),
        Cursor("""{"Filters":[],"OrderField":"metadata.name","Offset":-1,"Limit":1}"""),
        Cursor("""{"Filters":[],"OrderField":"metadata.name","Offset":0,"Limit":-5}"""),
        Cursor("""{"Filters":[],"OrderField":"metadata.name","Offset":99999999999,"Limit":1}"""),
        Cursor("""{"Filters":[],"OrderField":"","Offset":0,"Limit":1}"""),
        Cursor("""{"Filters":[",=,=="],"OrderField":"..","Term":"%","TermFields":",.,","Offset":2147483647,"Limit":500}"""),
        "!!!", "AAAA",
    ];

    /// <summary>For one value inside of a body.</summary>
    public static readonly string[] Json =
    [
        "null", "\"a\\u0000b\"", "\"\\ud800\"", "\"\\udc00x\"", "\"\u0007\"", "-1", "2147483648", "1e400", "1e-99999",
        "1.5", "true", "[]", "{}", "[null]", "\"\"",
        "{\"a\":1,\"a\":2}", "{\"a\":{\"b\":1,\"b\":2}}", "{\"a\\u0000\":1}", "{\"\\ud800\":1}", "{\"a\":\"\\ud800\"}",
        "{\"a\":[\"\\u0000\"]}", "{\"a\":1e999999}", "{\"a\":1e-999999}",
        $"{{\"a\":{new('9', 2_000)}}}", Deep("[", "]", 60), $"{{\"a\":{Deep("{\"a\":", "}", 55)}}}",
        "\"" + new string('x', 100_000) + "\"", "\"a:b:c/d\"", "\"../../x\"", "\"2026-11-25T10:00:00+05:00\"",
    ];

    /// <summary>Whole bodies, with what they are said to be.</summary>
    public static IEnumerable<(byte[] Body, string Type)> Bodies =>
    [
        (Bytes(""), "application/json"), (Bytes("{bad"), "application/json"), (Bytes("null"), "application/json"),
        (Bytes("[]"), "application/json"), (Bytes("\"x\""), "application/json"),
        (Bytes("{}"), "application/json"), (Bytes("{\"a\":1,\"a\":2}"), "application/json"),
        (Bytes("{\"\\ud800\":1}"), "application/json"), (Bytes(Deep("[", "]", 5_000)), "application/json"),
        (Bytes(Deep("{\"a\":", "}", 200)), "application/json"),
        ([.. Bytes("{\"a\":\""), 0xff, 0xfe, .. Bytes("\"}")], "application/json"),
        ([0xef, 0xbb, 0xbf, .. Bytes("{}")], "application/json"),
        ([0], "application/json"), (Bytes("{}"), "application/json; charset=utf-16"),
        (Bytes("{}"), "application/json; charset=nonsense"), (Bytes("{}"), "text/plain"), (Bytes("{}"), "nonsense"),
        (Bytes("a=%00&b"), "application/x-www-form-urlencoded"), (Bytes("--x\r\n"), "multipart/form-data; boundary=x"),
        (Bytes("x"), "multipart/form-data"), (Bytes("<a/>"), "application/xml"),
    ];

    /// <summary>An object whose named member is malformed and whose others are not.</summary>
    public static IEnumerable<byte[]> With(IReadOnlyList<(string Name, JsonNode? Usual)> members)
    {
        foreach (var (name, _) in members)
        {
            foreach (var value in Json)
            {
                yield return Bytes("{" + string.Join(',', members.Select(
                    m => $"\"{m.Name}\":{(m.Name == name ? value : m.Usual?.ToJsonString() ?? "null")}")) + "}");
            }
            yield return Bytes("{" + string.Join(',', members.Where(m => m.Name != name)
                .Select(m => $"\"{m.Name}\":{m.Usual?.ToJsonString() ?? "null"}")) + "}");
            yield return Bytes("{" + string.Join(',', members.Concat(members.Where(m => m.Name == name))
                .Select(m => $"\"{m.Name}\":{m.Usual?.ToJsonString() ?? "null"}")) + "}");
        }
    }

    private static string Cursor(string json) => Uri.EscapeDataString(Convert.ToBase64String(Bytes(json)));

    private static string Deep(string open, string close, int levels) =>
        string.Concat(Enumerable.Repeat(open, levels)) + (open == "[" ? "" : "1") + string.Concat(
            Enumerable.Repeat(close, levels));

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
