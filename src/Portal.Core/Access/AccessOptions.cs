namespace Portal.Core.Access;

/// <summary><c>Portal:Access</c>.</summary>
public sealed class AccessOptions
{
    public const string Section = "Portal:Access";

    /// <summary>
    /// Name of the person who administers a portal that has no administrator yet; made if absent. Empty: the log has
    /// a link to the first set-up.
    /// </summary>
    public string FirstAdministrator { get; set; } = "";
}
