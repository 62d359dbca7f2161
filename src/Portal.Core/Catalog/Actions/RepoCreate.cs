using System.Text.Json.Nodes;
using Portal.Core.Providers;
using Portal.Core.Runs.Actions;
using Portal.Core.Shared;
using Portal.Core.Shared.Files;

namespace Portal.Core.Catalog.Actions;

/// <summary><c>repo:create</c>: the workspace becomes the first commit of a new repository.</summary>
public sealed class RepoCreate(ProviderRegistry providers, RepositoryCreateEffect effect) : IAction
{
    public ActionDescription Description { get; } = new(
        "repo:create", "Creates a Git repository whose first commit holds the files of the workspace.",
        ActionSchema.Parse("""
        {
          "type": "object", "additionalProperties": false,
          "anyOf": [{ "required": ["name", "owner"] }, { "required": ["repoUrl"] }],
          "properties": {
            "name": { "type": "string", "minLength": 1, "maxLength": 100, "title": "Name", "description": "Letters, digits, dashes, dots and underscores." },
            "owner": { "type": "string", "minLength": 1, "title": "Owner", "description": "The owning team as an entity reference; its name is the organisation." },
            "repoUrl": { "type": "string", "minLength": 1, "title": "Repository", "description": "From a RepoUrlPicker, such as local?owner=payments&repo=orders; instead of name and owner." },
            "description": { "type": "string", "title": "Description" },
            "defaultBranch": { "type": "string", "minLength": 1, "title": "Default branch", "default": "main" },
            "sourcePath": { "type": "string", "title": "Source path", "description": "The folder of the workspace to commit; all of it unless given." },
            "allowedHosts": { "type": "array", "title": "Allowed hosts", "deprecated": true }
          }
        }
        """),
        ActionSchema.Parse("""
        {
          "type": "object",
          "properties": {
            "repository": { "type": "string", "title": "organisation/name" },
            "remoteUrl": { "type": "string", "title": "The address to clone from" },
            "repoContentsUrl": { "type": "string", "title": "The address for catalog:register" },
            "commit": { "type": "string", "title": "SHA of the first commit" }
          }
        }
        """),
        [new ActionExample("Create the repository", """
            id: publish
            name: Create the repository
            action: repo:create
            input:
              name: ${{ parameters.name }}
              owner: ${{ parameters.owner }}
              description: ${{ parameters.description }}
            """)]);

    public async Task ExecuteAsync(ActionContext context, CancellationToken cancellation)
    {
        if (context.IsUnknown("name") || context.IsUnknown("owner") || context.IsUnknown("repoUrl"))
        {
            context.LeaveToRun(Description, "Create", "repository", providers.Default<IRepositoryHost>().Instance);
            return;
        }
        var (host, name, owner) = Target(context.Input);
        var tree = context.Workspace.Tree.Below(Workspace.Normalise(context.Input.Text("sourcePath") ?? ""));
        if (tree.Count == 0)
        {
            throw ActionFailedException.Wrong(
                "There are no files for the repository: a step such as fetch:template must come before repo:create, and sourcePath must name a folder of the workspace.");
        }
        var from = context.Provenance is { } p ? $" from template {EntityRef.Parse(p.Template).Name}" : "";
        var args = new RepositoryCreateArgs(
            host.Instance, name, owner.ToString(), context.Input.Text("description") ?? "",
            context.Input.Text("defaultBranch") ?? "main",
            $"Create {name.Name}{from}", context.Actor.DisplayName, tree.Hash, tree);
        context.PlanRepository(name, tree);
        var applied = await context.ApplyAsync(effect, host.Instance, "repository", args, cancellation);
        context.TakeOutputs(applied.Outputs);
    }

    private (IRepositoryHost Host, RepositoryName Name, EntityRef Owner) Target(JsonObject input)
    {
        var host = providers.Default<IRepositoryHost>();
        var (organisation, repository) = ((string?)null, input.Text("name"));
        if (input.Text("repoUrl") is { } url)
        {
            var parts = RepoUrl.Parse(url);
            if (!providers.ForHost(parts.Host).TryGet(out var served, out var error))
            {
                throw ActionFailedException.Wrong(error.Message);
            }
            (host, organisation, repository) = (served, parts.Organisation, parts.Repository);
        }
        if (input.Text("owner") is { } ownerText && EntityRef.Owner(ownerText) is null)
        {
            throw ActionFailedException.Wrong(
                $"'{ownerText}' is no owner. Write an entity reference, such as group:default/payments.");
        }
        var owner = EntityRef.Owner(input.Text("owner")) ?? EntityRef.Group(organisation!);
        organisation ??= host.OrganisationOf(owner);
        if (!RepositoryName.IsValidPart(repository))
        {
            throw ActionFailedException.Wrong(
                $"'{Words.Short(repository ?? "", 80)}' cannot be the name of a repository. Use up to 100 letters, digits, dashes, dots and underscores, starting with a letter or digit.");
        }
        if (!RepositoryName.IsValidPart(organisation))
        {
            throw ActionFailedException.Wrong(
                $"'{Words.Short(organisation, 80)}' cannot be an organisation. Use up to 100 letters, digits, dashes, dots and underscores.");
        }
        return (host, new RepositoryName(organisation, repository!), owner);
    }
}
