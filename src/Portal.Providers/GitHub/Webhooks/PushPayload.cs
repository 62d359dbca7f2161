using System.Text.Json;
using Portal.Core.Providers;

namespace Portal.Providers.GitHub.Webhooks;

/// <summary><c>push</c>.</summary>
internal static class PushPayload
{
    private const string Branches = "refs/heads/";

    /// <summary>GitHub tells no more of them in one push.</summary>
    private const int MostCommits = 2_048;

    /// <summary>Null for tags and for what cannot be followed.</summary>
    public static RepositoryPush? Read(JsonElement payload)
    {
        if (payload.Repository() is not { } repository || payload.Text("ref") is not { } reference
            || !reference.StartsWith(Branches, StringComparison.Ordinal)) return null;
        return new RepositoryPush(
            repository, reference[Branches.Length..], Commit(payload.Text("before")), Commit(payload.Text("after")),
            PayloadReading.Person(payload.Text("pusher", "name")) ?? payload.Sender(), Paths(payload))
        {
            HostId = payload.RepositoryId(),
        };
    }

    /// <summary>
    /// The commits of a new branch, or of one that was moved elsewhere, do not tell all that is different.
    /// </summary>
    private static List<string>? Paths(JsonElement payload)
    {
        var commits = payload.Items("commits").ToList();
        if (commits.Count is 0 or >= MostCommits || payload.Flag("created") || payload.Flag("forced")) return null;
        return [.. commits.SelectMany(c => c.Items("added").Concat(c.Items("modified")).Concat(c.Items("removed")))
            .Select(p => p.AsText()).OfType<string>().Distinct(StringComparer.Ordinal)];
    }

    private static string? Commit(string? sha) => string.IsNullOrEmpty(sha) || sha.All(c => c == '0') ? null : sha;
}
