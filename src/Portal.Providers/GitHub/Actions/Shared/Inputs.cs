using System.Text.Json.Nodes;
using Portal.Core.Runs.Actions;

namespace Portal.Providers.GitHub.Actions.Shared;

/// <summary>Schemas of inputs, from parts that several actions have.</summary>
internal static class Inputs
{
    /// <summary>Where the action works. The instance's own credentials are used, so a token has no effect.</summary>
    public const string Target = """
        {
          "repoUrl": { "type": "string", "minLength": 1, "title": "Repository",
            "description": "As the RepoUrlPicker gives it: github.com?owner=organisation&repo=name." },
          "token": { "title": "Token",
            "description": "Not needed: the portal uses the credentials of the configured GitHub.", "deprecated": true,
            "writeOnly": true },
          "allowedHosts": { "title": "Allowed hosts", "deprecated": true }
        }
        """;

    /// <summary>The rules of a protected branch.</summary>
    public const string Protection = """
        {
          "requiredApprovingReviewCount": { "type": "integer", "minimum": 0, "maximum": 6, "title": "Approvals",
            "description": "How many people must approve a pull request.", "default": 1 },
          "requireCodeOwnerReviews": { "type": "boolean", "title": "Code owners",
            "description": "A code owner must approve changes to what they own.", "default": false },
          "dismissStaleReviews": { "type": "boolean", "title": "Dismiss stale reviews",
            "description": "A new commit takes approvals away.", "default": false },
          "requireLastPushApproval": { "type": "boolean", "title": "Approval of the last push",
            "description": "Somebody else than who pushed last must approve.", "default": false },
          "bypassPullRequestAllowances": { "actors": true, "title": "Bypass",
            "description": "Who may push without a pull request." },
          "restrictions": { "actors": true, "title": "Restrictions",
            "description": "Who alone may push; organisations only." },
          "requiredStatusCheckContexts": { "type": "array", "items": { "type": "string" }, "title": "Status checks",
            "description": "Names of the checks that must pass." },
          "requireBranchesToBeUpToDate": { "type": "boolean", "title": "Up to date",
            "description": "A branch must hold the newest commits before it is merged.", "default": true },
          "requiredConversationResolution": { "type": "boolean", "title": "Resolved conversations", "default": false },
          "requiredCommitSigning": { "type": "boolean", "title": "Signed commits", "default": false },
          "requiredLinearHistory": { "type": "boolean", "title": "Linear history", "description": "No merge commits.",
            "default": false },
          "blockCreations": { "type": "boolean", "title": "Block creations",
            "description": "Only who may push may create matching branches.", "default": false }
        }
        """;

    /// <summary>Whether and how the branch that is pushed is protected.</summary>
    public const string DefaultBranch = """
        {
          "defaultBranch": { "type": "string", "minLength": 1, "title": "Default branch", "default": "master" },
          "protectDefaultBranch": { "type": "boolean", "title": "Protect the default branch", "default": true },
          "protectEnforceAdmins": { "type": "boolean", "title": "Administrators too", "default": true },
          "gitCommitMessage": { "type": "string", "minLength": 1, "title": "Commit message",
            "default": "initial commit" },
          "gitAuthorName": { "type": "string", "title": "Author's name",
            "description": "The person who starts the run unless given." },
          "gitAuthorEmail": { "type": "string", "title": "Author's e-mail address" },
          "sourcePath": { "type": "string", "title": "Source path",
            "description": "The folder of the workspace to publish; all of it unless given." }
        }
        """;

    /// <summary>What a new repository is like.</summary>
    public const string Repository = """
        {
          "description": { "type": ["string", "null"], "title": "Description" },
          "homepage": { "type": ["string", "null"], "title": "Website", "description": "The run's page unless given." },
          "access": { "type": ["string", "null"], "title": "Access",
            "description": "Who administers it: organisation/team, or a login." },
          "repoVisibility": { "enum": ["private", "internal", "public"], "title": "Visibility",
            "description": "What the configured GitHub has as DefaultVisibility unless given." },
          "topics": { "type": "array", "items": { "type": "string" }, "title": "Topics" },
          "customProperties": { "type": "object", "title": "Custom properties",
            "description": "Name to text or list of texts; the organisation must have defined them.",
            "additionalProperties": { "type": ["string", "boolean", "number", "array"],
              "items": { "type": "string" } } },
          "hasProjects": { "type": "boolean", "title": "Projects" },
          "hasWiki": { "type": "boolean", "title": "Wiki", "default": true },
          "hasIssues": { "type": "boolean", "title": "Issues", "default": true },
          "allowMergeCommit": { "type": "boolean", "title": "Merge commits", "default": true },
          "allowSquashMerge": { "type": "boolean", "title": "Squash merges", "default": true },
          "allowRebaseMerge": { "type": "boolean", "title": "Rebase merges", "default": true },
          "allowAutoMerge": { "type": "boolean", "title": "Automatic merges", "default": false },
          "allowUpdateBranch": { "type": "boolean", "title": "Offer to update branches", "default": false },
          "deleteBranchOnMerge": { "type": "boolean", "title": "Delete merged branches", "default": false },
          "squashMergeCommitTitle": { "enum": ["PR_TITLE", "COMMIT_OR_PR_TITLE"], "title": "Title of squash merges" },
          "squashMergeCommitMessage": { "enum": ["PR_BODY", "COMMIT_MESSAGES", "BLANK"],
            "title": "Message of squash merges" },
          "subscribe": { "title": "Subscribe", "description": "The portal's app cannot watch a repository.",
            "deprecated": true }
        }
        """;

    /// <summary>What is set in a new repository once it is there.</summary>
    public const string RepositoryExtras = """
        {
          "collaborators": { "type": "array", "title": "Collaborators",
            "description": "Teams and people with their rights.",
            "items": { "type": "object", "additionalProperties": false, "anyOf": [{ "required": ["team"] },
              { "required": ["user"] }, { "required": ["username"] }],
              "properties": {
                "team": { "type": "string", "minLength": 1 }, "user": { "type": "string", "minLength": 1 },
                  "username": { "type": "string", "minLength": 1 },
                "access": { "type": "string", "minLength": 1,
                  "description": "pull, triage, push, maintain, admin, or a role of the organisation." },
                  "permission": { "type": "string", "minLength": 1 } } } },
          "repoVariables": { "type": ["object", "null"], "title": "Variables", "description": "Of workflows." },
          "secrets": { "type": ["object", "array", "null"], "title": "Secrets",
            "description": "Of workflows; give values as ${{ secrets.NAME }}.", "writeOnly": true },
          "oidcCustomization": { "type": "object", "title": "Subject of OIDC tokens",
            "description": "Which claims make the subject that clouds check.",
            "properties": { "useDefault": { "type": "boolean", "default": true }, "includeClaimKeys": { "type": "array",
              "items": { "type": "string", "pattern": "^[A-Za-z0-9_]+$" }, "uniqueItems": true } } },
          "workflowAccess": { "enum": ["none", "user", "organization"], "title": "Access to workflows",
            "description": "Which other repositories may use its workflows and actions." },
          "defaultWorkflowPermissions": { "enum": ["read", "write"], "title": "Rights of workflows",
            "description": "What GITHUB_TOKEN may do unless the workflow says." },
          "canApprovePullRequestReviews": { "type": "boolean", "title": "Workflows may approve",
            "description": "And create pull requests." },
          "vulnerabilityAlerts": { "type": "boolean", "title": "Dependabot alerts" },
          "automatedSecurityFixes": { "type": "boolean", "title": "Dependabot security updates" },
          "codeScanning": { "type": "boolean", "title": "Code scanning", "description": "GitHub's default setup." }
        }
        """;

    private const string Actors = """
        {
          "type": ["object", "null"], "additionalProperties": false,
          "properties": {
            "users": { "type": "array", "items": { "type": "string" } }, "teams": { "type": "array",
              "items": { "type": "string" } }, "apps": { "type": "array", "items": { "type": "string" } }
          }
        }
        """;

    /// <summary>The same inputs, which have no effect.</summary>
    public static string Ignored(string part)
    {
        var schemas = ActionSchema.Parse(part);
        foreach (var (_, schema) in schemas) schema!["deprecated"] = true;
        return schemas.ToJsonString();
    }

    public static JsonObject Of(IReadOnlyList<string> required, params IReadOnlyList<string> parts)
    {
        var properties = new JsonObject();
        foreach (var (name, schema) in parts.SelectMany(p => ActionSchema.Parse(p).ToList()))
        {
            properties[name] = Expand(schema!.DeepClone().AsObject());
        }
        return new JsonObject
        {
            ["type"] = "object", ["additionalProperties"] = false,
            ["required"] = new JsonArray([.. required.Select(r => (JsonNode)r)]), ["properties"] = properties,
        };
    }

    private static JsonObject Expand(JsonObject schema)
    {
        if (!schema.Remove("actors")) return schema;
        foreach (var (keyword, value) in ActionSchema.Parse(Actors)) schema[keyword] = value!.DeepClone();
        return schema;
    }
}
