using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Octokit.Internal;

namespace Portal.Providers.GitHub.Api.Wire;

/// <summary>Our records by their generated readers and writers, Octokit's models by its own.</summary>
internal sealed class GitHubSerializer : IJsonSerializer
{
    private static readonly JsonSerializerOptions Options = new(GitHubJson.Default.Options)
    {
        TypeInfoResolver = JsonTypeInfoResolver.Combine(GitHubJson.Default, SettingsJson.Default),
    };

    private readonly SimpleJsonSerializer octokits = new();

    public string Serialize(object item) =>
        Options.TryGetTypeInfo(item.GetType(), out var ours)
            ? JsonSerializer.Serialize(item, ours)
            : octokits.Serialize(item);

    public T Deserialize<T>(string json)
    {
        // Nobody looks at it.
        if (typeof(T) == typeof(object)) return default!;
        try
        {
            return Options.TryGetTypeInfo(typeof(T), out var ours)
                ? (T)JsonSerializer.Deserialize(json, ours)!
                : octokits.Deserialize<T>(json);
        }
        // Octokit's reader fails in as many ways as there are answers (numbers too large, words it does not know, no
        // JSON at all).
        catch (Exception)
        {
            throw new UnreadableAnswerException();
        }
    }
}
