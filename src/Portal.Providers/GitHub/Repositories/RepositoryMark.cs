using Portal.Core.Providers;

namespace Portal.Providers.GitHub.Repositories;

/// <summary>
/// What the portal notes about a repository in the call that creates it: which run, for whom, and whether its first
/// commit is there yet. It lies behind the # of the repository's website, or in a custom property of the organisation.
/// </summary>
/// <param name="Owner">Null where it was not noted.</param>
internal sealed record RepositoryMark(string Run, string? Owner, bool IsMaking)
{
    private const string RunKey = "portal-run=";
    private const string OwnerKey = "portal-owner=";
    private const string Making = "portal-making";
    private const string MakingProperty = "-making";
    private const string NoPage = "urn:portal:run";

    /// <summary>The longest website that GitHub keeps.</summary>
    private const int Longest = 255;

    public static RepositoryMark Of(CreateRepository request) => new(request.Mark, request.Owner, IsMaking: true);

    /// <summary>The website: the template's own or the run's page, with the mark behind it.</summary>
    public string Homepage(CreateRepository request)
    {
        var page = request.Settings.Homepage ?? request.RunUrl ?? NoPage;
        var full = page + (page.Contains('#', StringComparison.Ordinal) ? '&' : '#') + Fragment(Owner);
        if (full.Length <= Longest) return full;
        // Without the owner, and with the run's page instead of a long one.
        return $"{(request.RunUrl is { Length: < 150 } run ? run : NoPage)}#{Fragment(null)}";
    }

    public string Property => IsMaking ? Run + MakingProperty : Run;

    public static RepositoryMark? FromHomepage(string? homepage)
    {
        if (homepage?.IndexOf('#', StringComparison.Ordinal) is not (>= 0 and var at)) return null;
        var parts = homepage[(at + 1)..].Split('&');
        if (Value(parts, RunKey) is not { Length: > 0 } run) return null;
        return new RepositoryMark(run, Value(parts, OwnerKey), parts.Contains(Making, StringComparer.Ordinal));
    }

    public static RepositoryMark? FromProperty(string? value) => value switch
    {
        null or "" => null,
        _ when value.EndsWith(MakingProperty, StringComparison.Ordinal) =>
            new RepositoryMark(value[..^MakingProperty.Length], null, IsMaking: true),
        _ => new RepositoryMark(value, null, IsMaking: false),
    };

    private string Fragment(string? owner) =>
        RunKey + Uri.EscapeDataString(Run) + (owner is null ? "" : "&" + OwnerKey + Readable(owner)) + (
            IsMaking ? "&" + Making : "");

    /// <summary>Colon and slash mean nothing behind a #, and a person may read it.</summary>
    private static string Readable(string text) => Uri.EscapeDataString(text)
        .Replace("%3A", ":", StringComparison.Ordinal).Replace("%2F", "/", StringComparison.Ordinal);

    private static string? Value(string[] parts, string key) =>
        parts.FirstOrDefault(p => p.StartsWith(key, StringComparison.Ordinal)) is { } part
            ? Uri.UnescapeDataString(part[key.Length..]) : null;
}
