using Portal.Core.Catalog.Organisation;
using Portal.Core.Shared;

namespace Portal.Web.Organisation;

/// <summary>The first set-up as it is typed: one line for each team and each person.</summary>
public sealed class SetUpForm
{
    private const int Longest = 100_000;

    public string? Key { get; set; }
    public string? Title { get; set; }
    public string? Name { get; set; }
    public string? Email { get; set; }

    /// <summary>The title of one team a line.</summary>
    public string? Teams { get; set; }

    /// <summary>One person a line: name, email, teams, with commas between.</summary>
    public string? People { get; set; }

    public Result<SetUpWish> Read()
    {
        if (Teams?.Length > Longest || People?.Length > Longest)
        {
            return Error.Invalid("too-many", $"Name at most {SetUpWish.Most} teams and people here; import more later.");
        }
        var title = Title?.Trim() ?? "";
        var name = string.IsNullOrWhiteSpace(Name) ? OrganisationInput.NameOf(title) : Name.Trim();
        return new SetUpWish(
            new NewPerson(name, new Profile(title, Email: Email)),
            [.. Lines(Teams).Select(t => new NewTeam(OrganisationInput.NameOf(t), new Profile(t)))],
            [.. Lines(People).Select(Person)]);
    }

    private static NewPerson Person(string line)
    {
        var parts = line.Split(',', StringSplitOptions.TrimEntries);
        var email = parts.Skip(1).FirstOrDefault(p => p.Contains('@'));
        var teams = parts.Skip(1).Where(p => p.Length > 0 && p != email).Select(OrganisationInput.NameOf);
        return new NewPerson(
            OrganisationInput.NameOf(parts[0]), new Profile(parts[0], Email: email), [.. teams]);
    }

    private static IEnumerable<string> Lines(string? text) => (text ?? "").Split(
        '\n', SetUpWish.Most + 1, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
