using System.Text.Json.Nodes;

namespace Portal.TestKit.GitHub.Server.Pulls;

/// <summary>
/// Names in the JSON of a pull request or an issue that GitHub does not have: what the world itself must know.
/// </summary>
internal static class Hidden
{
    public const string Head = "_head";
    public const string Base = "_base";
    public const string Teams = "_teams";
    public const string Reviewers = "_reviewers";
    public const string Labels = "_labels";
    public const string Author = "_author";

    public static List<string> List(JsonObject thing, string name) =>
        [.. (thing[name] as JsonArray ?? []).Select(n => n!.GetValue<string>())];

    public static void Add(JsonObject thing, string name, IEnumerable<string> values) =>
        thing[name] = new JsonArray(
            [.. List(thing, name).Concat(values).Distinct(StringComparer.OrdinalIgnoreCase).Select(v => (JsonNode)v)]);
}
