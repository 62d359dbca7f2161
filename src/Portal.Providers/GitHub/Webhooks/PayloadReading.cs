using System.Text.Json;
using Portal.Core.Providers;
using Portal.Core.Shared;

namespace Portal.Providers.GitHub.Webhooks;

/// <summary>Reads payloads by path; what is not there, or is something else, is null.</summary>
internal static class PayloadReading
{
    public static JsonElement? At(this JsonElement element, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out element)) return null;
        }
        return element.ValueKind == JsonValueKind.Null ? null : element;
    }

    public static string? Text(this JsonElement element, params ReadOnlySpan<string> path) =>
        element.At(path)?.AsText();

    /// <summary>Null for what is no text: also for half a character, which JSON can write.</summary>
    public static string? AsText(this JsonElement element)
    {
        try
        {
            return element.ValueKind == JsonValueKind.String ? element.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    public static long? Number(this JsonElement element, params ReadOnlySpan<string> path) =>
        element.At(path) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt64(out var number)
            ? number : null;

    public static bool Flag(this JsonElement element, params ReadOnlySpan<string> path) =>
        element.At(path) is { ValueKind: JsonValueKind.True };

    public static DateTimeOffset? Time(this JsonElement element, params ReadOnlySpan<string> path) =>
        element.At(path) is { ValueKind: JsonValueKind.String } value && value.TryGetDateTimeOffset(out var time)
            ? time.ToUniversalTime() : null;

    public static IEnumerable<JsonElement> Items(this JsonElement element, params ReadOnlySpan<string> path) =>
        element.At(path) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : [];

    /// <summary>
    /// The repository that it is about; null when there is none, or one whose name the portal does not take.
    /// </summary>
    public static RepositoryName? Repository(this JsonElement payload) =>
        RepositoryName.TryParse(payload.Text("repository", "full_name"), out var name) ? name : null;

    /// <summary>GitHub's own id of that repository.</summary>
    public static string? RepositoryId(this JsonElement payload) =>
        payload.Number("repository", "id")?.ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Who did it.</summary>
    public static string? Sender(this JsonElement payload) => Person(payload.Text("sender", "login"));

    public static string? Person(string? login) =>
        string.IsNullOrEmpty(login) ? null : $"user:default/{login.ToLowerInvariant()}";
}
