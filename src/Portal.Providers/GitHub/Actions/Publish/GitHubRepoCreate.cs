using System.Text;
using Portal.Core.Runs.Actions;
using Portal.Core.Shared.Files;
using Portal.Providers.GitHub.Actions.Shared;
using Portal.Providers.ActionBases;

namespace Portal.Providers.GitHub.Actions.Publish;

/// <summary>
/// <c>github:repo:create</c>: a repository that holds a README until <c>github:repo:push</c> fills it.
/// </summary>
internal sealed class GitHubRepoCreate(GitHubTargets targets, NewRepositorySteps steps) : RepositoryAction(targets)
{
    /// <summary>
    /// What Backstage takes here and does nothing with: there is no branch of the workspace to protect yet.
    /// </summary>
    private const string NoEffect = """
        { "autoInit": { "title": "First commit", "description": "There always is one, with a README." },
          "requireCommitSigning": { "title": "Signed commits" } }
        """;

    private const string Author = """
        { "gitAuthorName": { "type": "string", "title": "Author's name" }, "gitAuthorEmail": { "type": "string",
          "title": "Author's e-mail address" } }
        """;

    public override ActionDescription Description { get; } = new(
        "github:repo:create", "Creates a GitHub repository with a README, with access and settings; github:repo:push "
            + "fills it.",
        Inputs.Of(
            ["repoUrl"], Inputs.Target, Inputs.Repository, Inputs.RepositoryExtras, Author,
            Inputs.Ignored(Inputs.Protection), Inputs.Ignored(NoEffect)),
        ActionSchema.Parse("""
        {
          "type": "object",
          "properties": {
            "remoteUrl": { "type": "string", "title": "The address to clone from" },
            "repoContentsUrl": { "type": "string", "title": "The address for catalog:register" },
            "repository": { "type": "string", "title": "organisation/name" }
          }
        }
        """),
        [new ActionExample("Create a repository", """
            id: create
            name: Create the repository
            action: github:repo:create
            input:
              repoUrl: ${{ parameters.repoUrl }}
              repoVisibility: internal
            """)]);

    protected override (string Verb, string What) Change => ("Create", "repository");

    protected override Task ExecuteAsync(ActionContext context, RepositoryTarget target, CancellationToken cancellation)
    {
        var text =
            $"# {target.Name.Name}\n{(context.Input.AnyText("description") is { Length: > 0 } description ? $"\n{description}\n" : "")}";
        var readme = new FileTree([new TreeFile(PushEffect.Readme, Encoding.UTF8.GetBytes(text))]);
        return steps.CreateAsync(context, target, readme, "main", "initial commit", cancellation);
    }
}
