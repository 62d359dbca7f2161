namespace Portal.Web.Environments;

/// <summary>How long an environment may be asked for, in the words of the form.</summary>
public static class LifetimeChoices
{
    /// <param name="Value">As it stands in the form.</param>
    /// <param name="Length">Null = no end.</param>
    public sealed record Choice(string Value, string Text, TimeSpan? Length);

    public static readonly IReadOnlyList<Choice> All =
    [
        new("4h", "4 hours", TimeSpan.FromHours(4)),
        new("1d", "1 day", TimeSpan.FromDays(1)),
        new("7d", "7 days", TimeSpan.FromDays(7)),
        new("30d", "30 days", TimeSpan.FromDays(30)),
        new("none", "No end", null),
    ];

    public static Choice Find(string? value) => All.FirstOrDefault(c => c.Value == value) ?? All[2];
}
