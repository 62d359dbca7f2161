using System.Globalization;
using System.Text;
using Portal.Core.Providers;

namespace Portal.Providers.Local.Repositories;

/// <summary>
/// Commits as git tells of them with <c>-z</c>: a NUL ends each field, which no subject and no name can hold.
/// </summary>
internal static class GitCommits
{
    public const string Format = "%H%x00%s%x00%an%x00%aI";

    public const int Fields = 4;

    public static IReadOnlyList<Commit> Read(byte[] output) =>
        [.. Encoding.UTF8.GetString(output).Split('\0').Chunk(Fields).Where(c => c.Length == Fields).Select(Of)];

    /// <summary>A date that nobody could have meant is the first there is: who commits may write any.</summary>
    public static Commit Of(IReadOnlyList<string> fields) => new(
        fields[0], fields[1], fields[2],
        DateTimeOffset.TryParse(fields[3], CultureInfo.InvariantCulture, out var at) ? at : DateTimeOffset.UnixEpoch);
}
