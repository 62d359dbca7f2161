using System.Text.Json.Nodes;
using Portal.Core.Entities;
using Portal.Core.Shared;

namespace Portal.Core.Catalog.Organisation;

/// <summary>What people write about a team or a person; null or empty = nothing.</summary>
/// <param name="Title">As it is shown; a display name.</param>
public sealed record Profile(string? Title, string? Description = null, string? Email = null)
{
    public const int LongestTitle = 100;
    public const int LongestDescription = 1_000;
    public const int LongestEmail = 254;

    internal Error? Wrong()
    {
        if (TooLong(Title, LongestTitle) || Title?.Any(char.IsControl) == true)
        {
            return OrganisationErrors.Wrong(
                "title-invalid", $"A title has at most {LongestTitle} characters, in one line.", "title");
        }
        if (TooLong(Description, LongestDescription)
            || Description?.Any(c => char.IsControl(c) && c is not ('\n' or '\r')) == true)
        {
            return OrganisationErrors.Wrong(
                "description-invalid", $"A description has at most {LongestDescription} characters.", "description");
        }
        return string.IsNullOrWhiteSpace(Email) || IsEmail(Email.Trim()) ? null : OrganisationErrors.Wrong(
            "email-invalid", "Write an email address such as jane@example.com, or leave it empty.", "email");
    }

    private static bool TooLong(string? text, int most) => text?.Trim().Length > most;

    private static bool IsEmail(string text) =>
        text.Length <= LongestEmail && text.Split('@') is [{ Length: > 0 }, { Length: > 0 }]
        && !text.Any(c => char.IsWhiteSpace(c) || char.IsControl(c) || c is '<' or '>' or ',' or ';');
}

/// <param name="Name">Of the entity: letters, digits, dashes, underscores or dots.</param>
/// <param name="Parent">Reference of the team above it; its rights count for this one's members too.</param>
public sealed record NewTeam(string Name, Profile Profile, string? Parent = null);

/// <param name="Teams">References of the teams that the person is a member of from the start.</param>
public sealed record NewPerson(string Name, Profile Profile, IReadOnlyList<string>? Teams = null);

/// <summary>Descriptors in Backstage's format of what was typed.</summary>
public static class OrganisationInput
{
    internal const int MostTeamsOfNewPerson = 50;
    private const string Accented = "àáâãäåāąçćčďèéêëēęěìíîïīłñńňòóôõöøőŕřśšťùúûüūůűýÿźżž";
    private const string WithoutAccent = "aaaaaaaacccdeeeeeeeiiiiilnnnooooooorrsstuuuuuuuyyzzz";
    private const int LongestName = 63;

    internal static Result<EntityRef> Name(string kind, string? text) =>
        text?.Trim() is { } name && Descriptor.IsName(name)
            ? new EntityRef(kind, EntityRef.DefaultNamespace, name)
            : OrganisationErrors.Wrong(
                "name-invalid",
                "A name has 1 to 63 letters, digits, dashes, underscores or dots, and starts and ends with a letter or digit.",
                "name");

    public static Result<EntityRef> Reference(string? text, string kind) =>
        EntityRef.TryParse(text, kind, out var reference) && reference.Value.Kind.Equals(
            kind, StringComparison.OrdinalIgnoreCase)
            ? reference.Value
            : Error.Invalid($"{(kind == "group" ? "team" : "person")}-invalid",
                $"'{Words.Short(text ?? "")}' is no reference of a {(kind == "group" ? "team" : "person")}; write {kind}:default/name.");

    internal static Descriptor Team(EntityRef team, Profile profile, EntityRef? parent)
    {
        var spec = new JsonObject { ["type"] = "team", ["children"] = new JsonArray() };
        if (parent is { } above) spec["parent"] = above.ToString();
        return Describe(New("Group", team, spec), profile);
    }

    internal static Descriptor Person(EntityRef person, Profile profile, IEnumerable<EntityRef> teams) =>
        Describe(New("User", person, new JsonObject
        {
            ["memberOf"] = new JsonArray([.. teams.Select(t => (JsonNode)t.ToString())]),
        }), profile);

    internal static Descriptor Of(CatalogEntity row) =>
        new(row.Ref, JsonNode.Parse(row.Descriptor)!.AsObject(), default);

    /// <summary>The same with another profile.</summary>
    internal static Descriptor Describe(Descriptor descriptor, Profile profile)
    {
        var (metadata, spec) = (Part(descriptor.Json, "metadata"), Part(descriptor.Json, "spec"));
        var shown = Part(spec, "profile");
        // One place for the title: Backstage's readers look at the profile, and at the metadata first.
        metadata.Remove("title");
        Set(shown, "displayName", profile.Title);
        Set(shown, "email", profile.Email);
        Set(metadata, "description", profile.Description);
        return descriptor;
    }

    public static string? Email(CatalogEntity row) => Email(JsonNode.Parse(row.Descriptor)?.AsObject());

    internal static string? Email(JsonObject? descriptor) =>
        (descriptor?["spec"] as JsonObject)?["profile"] is JsonObject profile
            && profile["email"] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    /// <summary>The letter without its accent; the portal runs without the tables that know all of them.</summary>
    private static char Plain(char letter) => Accented.IndexOf(letter, StringComparison.Ordinal) is var at and >= 0
        ? WithoutAccent[at]
        : letter;

    /// <summary>A name made of what people are called: "Orders team" becomes orders-team.</summary>
    public static string NameOf(string title)
    {
        var plain = title.Trim().ToLowerInvariant().Select(Plain)
            .Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' ? c : '-');
        var name = string.Join('-', string.Concat(plain).Split('-', StringSplitOptions.RemoveEmptyEntries));
        return name[..Math.Min(name.Length, LongestName)].Trim('-', '.', '_');
    }

    /// <summary>Adds the reference to a list of the specification, or takes it out.</summary>
    /// <returns>Whether that changed anything.</returns>
    internal static bool State(Descriptor descriptor, string list, EntityRef other, string kind, bool stands)
    {
        var spec = Part(descriptor.Json, "spec");
        if (spec[list] is not JsonArray stated)
        {
            if (!stands) return false;
            spec[list] = stated = [];
        }
        var there = stated.Where(s => EntityRef.TryParse(s?.ToString(), kind, out var found) && found == other)
            .ToList();
        if (stands == there.Count > 0) return false;
        if (stands) stated.Add(other.ToString());
        foreach (var gone in stands ? [] : there) stated.Remove(gone);
        return true;
    }

    /// <summary>Takes out whatever it says of another's place among teams.</summary>
    internal static void Unstate(Descriptor descriptor, EntityRef other)
    {
        State(descriptor, "memberOf", other, "group", false);
        State(descriptor, "members", other, "user", false);
        State(descriptor, "children", other, "group", false);
        var spec = Part(descriptor.Json, "spec");
        if (EntityRef.TryParse(spec["parent"]?.ToString(), "group", out var above) && above == other)
        {
            spec.Remove("parent");
        }
    }

    private static Descriptor New(string kind, EntityRef name, JsonObject spec) => new(
        name with { Kind = kind }, new JsonObject
        {
            ["apiVersion"] = "backstage.io/v1alpha1", ["kind"] = kind,
            ["metadata"] = new JsonObject { ["name"] = name.Name, ["namespace"] = name.Namespace }, ["spec"] = spec,
        }, default);

    private static JsonObject Part(JsonObject of, string name)
    {
        if (of[name] is not JsonObject part) of[name] = part = [];
        return part;
    }

    private static void Set(JsonObject of, string name, string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) of.Remove(name);
        else of[name] = text.Trim();
    }
}
