using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Portal.Core.Shared;

namespace Portal.Core.Runs.Masking;

/// <summary>
/// Takes secrets out of any text before it is kept or shown: the one place where that is done. A secret is found whole
/// or by any of its lines, however it is indented, quoted or escaped (JSON in JSON, HTML, URLs), and in base64 and
/// hexadecimal. Where that cannot be told of a text, because it is too long to be looked through, the text is left out.
/// What expressions made of a secret is found too; where it is too short for that, as a word of its own.
/// </summary>
public sealed class SecretRedactor
{
    public const string Mask = "***";

    /// <summary>Characters; a longer text is left out.</summary>
    public const int LongestText = 4 * 1024 * 1024;

    /// <summary>Of all secrets of a run together, as JSON.</summary>
    public const int MostSecrets = 64 * 1024;

    /// <summary>
    /// Characters of all secrets and of what a run made of them; with more nothing of the run is shown.
    /// </summary>
    private const int MostKnown = 1024 * 1024;

    /// <summary>
    /// Comparisons, about: a second's worth. Texts and secrets can be made so that nearly all of one is nearly all of
    /// the other.
    /// </summary>
    private const long MostWork = 20_000_000;

    /// <summary>A search costs about as much as so many comparisons.</summary>
    private const int SearchWork = 50;

    /// <summary>Longer forms are found in capitals too.</summary>
    private const int AnyCase = 8;

    /// <summary>A secret that was cut off at the end of a text is masked from so many characters on.</summary>
    private const int CutOff = 8;
    private const int LongestCut = 2_048;
    private const int MostCut = 1_000;

    private readonly Lock learning = new();
    private readonly HashSet<string> secrets = new(StringComparer.Ordinal);
    private readonly HashSet<string> made = new(StringComparer.Ordinal);
    private volatile Known known = Known.Nothing;

    public SecretRedactor(JsonObject secrets) => Learn(SecretForms.Texts(secrets));

    public bool IsNothing => known.IsNothing;

    /// <summary>What was made of secrets so far; grows.</summary>
    public IReadOnlyList<string> Made
    {
        get
        {
            lock (learning) return [.. made];
        }
    }

    /// <summary>More secrets.</summary>
    /// <returns>False when they are too many to be looked for: then no text is shown any more.</returns>
    public bool Learn(IEnumerable<string> texts) => Learn(texts, secrets);

    /// <summary>More texts that must not be seen: what was made of a secret.</summary>
    /// <returns>As <see cref="Learn(IEnumerable{string})"/>.</returns>
    public bool LearnMade(IEnumerable<string> texts) => Learn(texts, made);

    private bool Learn(IEnumerable<string> texts, HashSet<string> kind)
    {
        lock (learning)
        {
            var before = kind.Count;
            kind.UnionWith(texts.Where(t => t.Length > 0));
            if (kind.Count > before)
            {
                known = secrets.Concat(made).Sum(s => (long)s.Length) > MostKnown
                    ? Known.TooMuch
                    : Known.Of([.. secrets.Union(made)], made);
            }
            return !ReferenceEquals(known, Known.TooMuch);
        }
    }

    public string Redact(string text)
    {
        var now = known;
        if (now.IsNothing || text.Length == 0) return text;
        if (ReferenceEquals(now, Known.TooMuch) || now.Short.Contains(text.Trim())) return Mask;
        if (text.Length > LongestText)
        {
            return $"{Mask} ({text.Length:N0} characters: too long to be looked through for secrets)";
        }
        text = now.WithoutWords(text);
        foreach (var raw in now.Raw) text = text.Replace(raw, Mask, StringComparison.Ordinal);
        var spans = new List<(int From, int To)>();
        var work = MostWork;
        var layer = DecodedText.Of(text);
        for (var i = 0; ; i++)
        {
            if (!now.Find(layer.Squeeze(), spans, ref work))
            {
                return $"{Mask} ({text.Length:N0} characters: took too long to be looked through for secrets)";
            }
            if (layer.Decode() is not { } inner) break;
            if (i == SecretForms.Layers) return $"{Mask} (escaped too often to be looked through for secrets)";
            layer = inner;
        }
        return spans.Count == 0 ? text : Without(text, spans);
    }

    /// <summary>Texts and names inside a JSON text, so that it stays JSON whatever the secret looks like.</summary>
    public string? RedactJson(string? json)
    {
        if (json is null || known.IsNothing) return json;
        var node = JsonNode.Parse(json);
        var changed = false;
        var clean = Clean(node, ref changed);
        return changed ? clean?.ToJsonString(Json.Options) : json;
    }

    private JsonNode? Clean(JsonNode? node, ref bool changed)
    {
        switch (node)
        {
            case JsonObject o:
                var members = new JsonObject();
                foreach (var (name, value) in o)
                {
                    var shown = Redact(name);
                    changed |= shown != name;
                    members.TryAdd(shown, Clean(value, ref changed));
                }
                return members;
            case JsonArray a:
                var items = new JsonArray();
                foreach (var item in a) items.Add(Clean(item, ref changed));
                return items;
            case JsonValue v when v.GetValueKind() is JsonValueKind.String or JsonValueKind.Number
                && Redact(v.ToString()) is var text && text != v.ToString():
                changed = true;
                return JsonValue.Create(text);
            default:
                return node?.DeepClone();
        }
    }

    private static string Without(string text, List<(int From, int To)> spans)
    {
        spans.Sort();
        var result = new StringBuilder(text.Length);
        var end = 0;
        foreach (var (from, to) in spans)
        {
            if (from > end || end == 0) result.Append(text, end, Math.Max(0, from - end)).Append(Mask);
            end = Math.Max(end, to);
        }
        return result.Append(text, end, text.Length - end).ToString();
    }

    /// <summary>All forms of all secrets, ready to be searched for.</summary>
    private sealed class Known
    {
        public static readonly Known Nothing = new([], [], [], [], []);

        /// <summary>Nothing can be told to be free of it.</summary>
        public static readonly Known TooMuch = new([], [], [], [Mask], []);

        private readonly SearchValues<string>? search;
        private readonly Dictionary<string, List<string>> byStart = new(StringComparer.OrdinalIgnoreCase);
        private readonly string[] whole;

        /// <summary>
        /// What was made of a secret and is short: searched for between other letters and digits, not in them.
        /// </summary>
        private readonly HashSet<string> words;

        private Known(
            IReadOnlyCollection<string> forms, string[] whole, HashSet<string> shorts, List<string> raw,
            HashSet<string> words)
        {
            (this.whole, Short, Raw, this.words) = (whole, shorts, raw, words);
            if (forms.Count == 0) return;
            search = SearchValues.Create(forms.ToArray(), StringComparison.OrdinalIgnoreCase);
            foreach (var form in forms.OrderByDescending(f => f.Length))
            {
                var start = form[..SecretForms.Shortest];
                if (!byStart.TryGetValue(start, out var list)) byStart[start] = list = [];
                list.Add(form);
            }
        }

        public bool IsNothing => search is null && Short.Count == 0 && Raw.Count == 0;

        /// <summary>Masked where they stand alone.</summary>
        public HashSet<string> Short { get; }

        /// <summary>Of little else than blanks and quotes, or with such at an end: searched for as they are.</summary>
        public List<string> Raw { get; }

        public static Known Of(IReadOnlyCollection<string> secrets, IReadOnlyCollection<string> made)
        {
            var forms = secrets.SelectMany(SecretForms.Of).ToHashSet(StringComparer.Ordinal);
            var whole = secrets.Select(SecretForms.Squeezed).Where(s => s.Length > CutOff)
                .Distinct(StringComparer.Ordinal).Take(MostCut).ToArray();
            var few = secrets.Where(s => SecretForms.Squeezed(s).Length < SecretForms.Shortest).ToList();
            var edged = secrets.Where(
                s => s.Length >= SecretForms.Shortest && (DecodedText.IsFiller(s[0]) || DecodedText.IsFiller(s[^1])));
            return new Known(
                forms, whole, few.Where(s => s.Length < SecretForms.Shortest).Select(s => s.Trim())
                    .Where(s => s.Length > 0).ToHashSet(StringComparer.Ordinal),
                [.. few.Where(s => s.Length >= SecretForms.Shortest).Concat(edged)
                    .Where(s => !string.IsNullOrWhiteSpace(s)).Distinct(StringComparer.Ordinal)],
                made.Where(m => SecretForms.Squeezed(m).Length < SecretForms.Shortest)
                    .SelectMany(m => Runs(m).Select(r => m[r])).ToHashSet(StringComparer.Ordinal));
        }

        public string WithoutWords(string text)
        {
            if (words.Count == 0) return text;
            var spans = Runs(text).Where(r => words.Contains(text[r])).Select(r => r.GetOffsetAndLength(text.Length))
                .Select(r => (r.Offset, r.Offset + r.Length)).ToList();
            return spans.Count == 0 ? text : Without(text, spans);
        }

        /// <summary>Of letters and digits.</summary>
        private static IEnumerable<Range> Runs(string text)
        {
            for (var at = 0; at < text.Length; at++)
            {
                var from = at;
                while (at < text.Length && char.IsLetterOrDigit(text[at])) at++;
                if (at > from) yield return from..at;
            }
        }

        /// <returns>False when it took too long.</returns>
        public bool Find(DecodedText squeezed, List<(int From, int To)> spans, ref long work)
        {
            if (search is null) return true;
            var text = squeezed.Text;
            for (var at = 0; at < text.Length;)
            {
                var next = text.AsSpan(at).IndexOfAny(search);
                if (next < 0) break;
                at += next;
                work -= SearchWork;
                if (LongestAt(text, at, ref work) is { } form) spans.Add(squeezed.Original(at, form.Length));
                if (work < 0) return false;
                at++;
            }
            FindCutOff(squeezed, spans);
            return true;
        }

        private string? LongestAt(string text, int at, ref long work)
        {
            if (at + SecretForms.Shortest > text.Length
                || !byStart.TryGetValue(text.Substring(at, SecretForms.Shortest), out var forms))
            {
                return null;
            }
            foreach (var form in forms)
            {
                work -= 1 + (form.Length / 16);
                if (text.AsSpan(at).StartsWith(
                    form, form.Length >= AnyCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal))
                {
                    return form;
                }
                if (work < 0) break;
            }
            return null;
        }

        /// <summary>Who shortens a message may leave the beginning of a secret at its end.</summary>
        private void FindCutOff(DecodedText squeezed, List<(int From, int To)> spans)
        {
            var text = squeezed.Text.AsSpan().TrimEnd("….)]}");
            foreach (var secret in whole)
            {
                for (var length = Math.Min(
                    Math.Min(text.Length, secret.Length - 1), LongestCut); length >= CutOff; length--)
                {
                    if (text[^length] != secret[0]
                        || !text.EndsWith(secret.AsSpan(0, length), StringComparison.Ordinal))
                    {
                        continue;
                    }
                    spans.Add(squeezed.Original(text.Length - length, length));
                    break;
                }
            }
        }
    }
}
