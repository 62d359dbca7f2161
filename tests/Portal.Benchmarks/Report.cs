using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Portal.Benchmarks;

/// <summary>What was measured, for people and for programs.</summary>
internal sealed class Report(Action<string> progress)
{
    private readonly List<(string Key, string Label, double Value)> figures = [];

    public void Tell(string message) => progress(message);

    /// <param name="key">Ends with the unit: <c>_s</c> seconds, <c>_mib</c> MiB, <c>_rps</c> answers per second,
    /// <c>_ms</c> milliseconds.</param>
    public void Add(string key, string label, double value)
    {
        figures.Add((key, label, value));
        progress($"{label}: {Show(value)}");
    }

    public string Table()
    {
        var text = new StringBuilder();
        var width = figures.Max(f => f.Label.Length);
        var compared = figures.Any(f => Peer.Figures.ContainsKey(f.Key));
        Row("", "Portal", compared ? "Backstage 1.55" : "", compared ? "Backstage 1.45" : "");
        foreach (var (key, label, value) in figures)
        {
            var (a, b) = Peer.Figures.GetValueOrDefault(key, ("", ""));
            Row(label, Show(value), a, b);
        }
        return text.ToString();

        void Row(string label, string portal, string a, string b) =>
            text.AppendLine($"{label.PadRight(width)}  {portal,10}  {a,14}  {b,14}".TrimEnd());
    }

    public string Json()
    {
        var json = new JsonObject();
        foreach (var (key, _, value) in figures) json[key] = Math.Round(value, value < 100 ? 4 : 0);
        return json.ToJsonString(JsonSerializerOptions.Default);
    }

    private static string Show(double value) =>
        value.ToString(
            value switch { >= 1_000 => "#,0", >= 100 => "0", >= 10 => "0.0", _ => "0.000" },
            CultureInfo.InvariantCulture);
}
