using System.Text.Json.Nodes;
using Portal.Core.Schema;

namespace Portal.Core.GoldenPaths.Forms;

/// <summary>Keeps secrets apart from the values, and puts them back for validation only.</summary>
internal static class FormSecrets
{
    public static (JsonObject Values, JsonObject Secrets) Split(FormDefinition form, JsonObject values)
    {
        var rest = (JsonObject)values.DeepClone();
        var secrets = new JsonObject();
        foreach (var name in form.SecretNames) Take(rest, name.Split('/'), 0, "", secrets);

        return (rest, secrets);
    }

    public static JsonObject Join(FormDefinition form, JsonObject values, JsonObject? secrets)
    {
        var joined = (JsonObject)values.DeepClone();
        foreach (var (name, secret) in secrets ?? [])
        {
            // Only what the form declares: a request may carry secrets that the template reads and no field asks for.
            if (form.SecretNames.Any(pattern => Matches(pattern, name)))
            {
                JsonPointer.Put(joined, JsonPointer.Tokens("/" + name), secret?.DeepClone());
            }
        }

        return joined;
    }

    private static void Take(JsonNode? node, string[] pattern, int at, string path, JsonObject secrets)
    {
        var token = JsonPointer.Unescape(pattern[at]);
        if (node is JsonArray items && pattern[at] == "*")
        {
            for (var i = 0; i < items.Count; i++) Go(items[i], $"{path}{i}", () => items[i] = null);
        }
        else if (node is JsonArray misplaced)
        {
            // A list where the form has none, or a mapping for a list, hides no secret: what is wrong with it is said
            // later.
            for (var i = 0; i < misplaced.Count; i++) Take(misplaced[i], pattern, at, $"{path}{i}/", secrets);
        }
        else if (node is JsonObject mapping && pattern[at] == "*")
        {
            foreach (var name in mapping.Select(m => m.Key).ToList())
            {
                Go(mapping[name], path + JsonPointer.Escape(name), () => mapping.Remove(name));
            }
        }
        else if (node is JsonObject members && members.TryGetPropertyValue(token, out var member))
        {
            Go(member, path + pattern[at], () => members.Remove(token));
        }

        void Go(JsonNode? child, string name, Action remove)
        {
            if (at < pattern.Length - 1)
            {
                Take(child, pattern, at + 1, name + "/", secrets);
                return;
            }

            remove();
            secrets[name] = child?.DeepClone();
        }
    }

    private static bool Matches(string pattern, string name)
    {
        var (wanted, given) = (pattern.Split('/'), name.Split('/'));
        return wanted.Length == given.Length
            && wanted.Zip(given).All(
                pair => pair.First == pair.Second || (pair.First == "*" && JsonPointer.TryIndex(pair.Second, out _)));
    }
}
