using System.Globalization;
using Portal.Web.Hosting;

namespace Portal.Web.Commands.Doctor;

/// <summary>
/// Reads the marker that <c>deploy/backup.sh</c> leaves in the data folder: time in UTC, a space, the file.
/// </summary>
internal static class BackupCheck
{
    public const string Marker = "last-backup";
    private const string Name = "backup";
    private static readonly TimeSpan Old = TimeSpan.FromDays(2);

    public static Finding Run(DataFolder data, IHostEnvironment environment, DateTimeOffset now)
    {
        var file = Path.Combine(data.Path, Marker);
        var words = File.Exists(file) ? File.ReadAllText(file).Trim().Split(' ', 2) : [];
        if (words.Length == 0 || !DateTimeOffset.TryParse(
            words[0], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
        {
            return environment.IsDevelopment()
                ? Finding.Ok(Name, "none seen")
                : Finding.Warn(
                    Name, "none seen on this data folder", "run deploy/backup.sh every night; see docs/operations.md");
        }

        var seen =
            $"last one {(now - time).TotalHours.ToString("0.0", CultureInfo.InvariantCulture)} hours ago{(words.Length > 1 ? $": {words[1]}" : "")}";
        return now - time > Old
            ? Finding.Warn(Name, seen, "look why it does not run every night")
            : Finding.Ok(Name, seen);
    }
}
