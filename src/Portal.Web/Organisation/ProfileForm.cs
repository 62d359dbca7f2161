using Portal.Core.Catalog.Organisation;
using Portal.Core.Shared;

namespace Portal.Web.Organisation;

/// <summary>What is typed about a team or a person, and what is wrong with it.</summary>
public sealed class ProfileForm
{
    private string? name;

    public string Title { get; set; } = "";

    /// <summary>Follows the title until somebody types one.</summary>
    public string Name
    {
        get => name ?? OrganisationInput.NameOf(Title);
        set => name = value.Length == 0 ? null : value;
    }

    public string Description { get; set; } = "";

    public string Email { get; set; } = "";

    /// <summary>Of the last time that it was sent.</summary>
    public Error? Wrong { get; set; }

    public Profile Profile => new(Title, Description, Email);

    public string? Message(string field) => Wrong?.Fields.FirstOrDefault(f => f.Path == $"/{field}")?.Message;

    /// <summary>What is wrong beside the fields; null when nothing is.</summary>
    public string? Other => Wrong is { Fields.Count: 0 } other ? other.Message : null;
}
