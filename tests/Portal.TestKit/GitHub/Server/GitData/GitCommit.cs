using System.Globalization;
using System.Text.Json.Nodes;

namespace Portal.TestKit.GitHub.Server.GitData;

/// <summary>Name, address and moment of who wrote something.</summary>
internal sealed record Signature(string Name, string Email, DateTimeOffset At)
{
    public override string ToString() =>
        $"{Clean(Name)} <{Clean(Email)}> {At.ToUnixTimeSeconds()} {(At.Offset < TimeSpan.Zero ? '-' : '+')}{At.Offset:hhmm}";

    public JsonObject Json() => new() { ["name"] = Name, ["email"] = Email, ["date"] = At.UtcDateTime.ToString(
        "yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture) };

    /// <summary>As a request gives it; what it leaves out is the caller's.</summary>
    public static Signature From(JsonNode? given, string login, DateTimeOffset now) => new(
        given?["name"]?.GetValue<string>() ?? login,
        given?["email"]?.GetValue<string>() ?? $"{login}@users.noreply.github.com",
        given?["date"]?.GetValue<string>() is { } date && DateTimeOffset.TryParse(
            date, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : now);

    public static Signature Parse(string line)
    {
        var (open, close) = (line.IndexOf('<'), line.LastIndexOf('>'));
        var time = line[(close + 2)..].Split(' ');
        var zone = TimeSpan.ParseExact(time[1][1..], "hhmm", CultureInfo.InvariantCulture);
        return new Signature(line[..open].TrimEnd(), line[(open + 1)..close],
            DateTimeOffset.FromUnixTimeSeconds(long.Parse(time[0], CultureInfo.InvariantCulture))
                .ToOffset(time[1][0] == '-' ? -zone : zone));
    }

    private static string Clean(string text) =>
        string.Concat(text.Where(c => c is not ('<' or '>' or '\n' or '\r' or '\0'))).Trim();
}

internal sealed record GitCommit(
    string Sha, string Tree, IReadOnlyList<string> Parents, Signature Author, Signature Committer, string Message)
{
    public string Subject => Message.Split('\n')[0];

    public static GitCommit Parse(string sha, string text)
    {
        var end = text.IndexOf("\n\n", StringComparison.Ordinal);
        var (head, message) = end < 0 ? (text, "") : (text[..end], text[(end + 2)..]);
        var lines = head.Split('\n').Select(line => line.Split(' ', 2)).Where(parts => parts.Length == 2).ToLookup(
            parts => parts[0], parts => parts[1], StringComparer.Ordinal);
        return new GitCommit(
            sha, lines["tree"].First(), [.. lines["parent"]], Signature.Parse(lines["author"].First()),
            Signature.Parse(lines["committer"].First()), message.TrimEnd('\n'));
    }
}
