namespace Portal.Providers.GitHub;

/// <summary>
/// One GitHub: section <c>Portal:Providers:&lt;name&gt;</c> with <c>Type</c> GitHub. Either as an app or with a token.
/// </summary>
public sealed class GitHubOptions
{
    public const string Type = "GitHub";

    /// <summary>
    /// Where people open it: github.com, or a GitHub Enterprise Server. https; http on this machine only.
    /// </summary>
    public string Address { get; set; } = "https://github.com";

    /// <summary>
    /// The hosts in a <c>repoUrl</c> that go here. Empty: the host of <see cref="Address"/>, with its port where it
    /// names one.
    /// </summary>
    public List<string> Hosts { get; set; } = [];

    /// <summary>The app's id, from its page. Not together with <see cref="Token"/>.</summary>
    public string AppId { get; set; } = "";

    /// <summary>The app's private key as PEM text. <c>\n</c> may stand for line ends.</summary>
    public string PrivateKey { get; set; } = "";

    /// <summary>The file with the app's private key (PEM), instead of <see cref="PrivateKey"/>.</summary>
    public string PrivateKeyFile { get; set; } = "";

    /// <summary>
    /// The app's installation to use for all organisations. 0: that of each organisation is looked up.
    /// </summary>
    public long InstallationId { get; set; }

    /// <summary>A fine-grained or classic token, instead of an app.</summary>
    public string Token { get; set; } = "";

    /// <summary>
    /// The organisation (or user) in which repositories are made, unless <see cref="Organisations"/> names another for
    /// the team.
    /// </summary>
    public string Organisation { get; set; } = "";

    /// <summary>Team → organisation, for teams whose repositories lie elsewhere.</summary>
    public Dictionary<string, string> Organisations { get; set; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The secret that webhooks are signed with. Empty: none are taken.</summary>
    public string WebhookSecret { get; set; } = "";

    /// <summary>
    /// Who may see a new repository where a template says nothing: <c>Private</c>, <c>Internal</c> or <c>Public</c>.
    /// </summary>
    public string DefaultVisibility { get; set; } = "Private";

    /// <summary>
    /// The organisation's custom property that holds the id of the run that made a repository. Empty: the address of
    /// the run is the repository's website.
    /// </summary>
    public string MarkProperty { get; set; } = "";

    /// <summary>
    /// Where the descriptor lies in repositories, relative to their root. Empty: <c>catalog-info.yaml</c>, else
    /// <c>catalog-info.yml</c>.
    /// </summary>
    public string CatalogPath { get; set; } = "";

    public static string SectionOf(string instance) => $"Portal:Providers:{instance}";

    internal bool IsApp => AppId.Length > 0;

    /// <summary>All organisations that are named anywhere.</summary>
    internal IEnumerable<string> AllOrganisations =>
        Organisations.Values.Prepend(Organisation).Where(o => o.Length > 0).Distinct(StringComparer.OrdinalIgnoreCase);
}
