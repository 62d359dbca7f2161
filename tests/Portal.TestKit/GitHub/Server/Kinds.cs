namespace Portal.TestKit.GitHub.Server;

/// <summary>What a repository holds, by the names that the ledger uses.</summary>
internal static class Kinds
{
    public const string Artifact = "artifact";
    public const string Autolink = "autolink";
    public const string BranchPolicy = "branch policy";
    public const string Collaborator = "collaborator";
    public const string Comment = "comment";
    public const string Commit = "commit";
    public const string Deployment = "deployment";
    public const string DeploymentStatus = "deployment status";
    public const string Environment = "environment";
    public const string Hook = "hook";
    public const string Issue = "issue";
    public const string Key = "key";
    public const string Label = "label";
    public const string Pages = "pages";
    public const string Protection = "protection";
    public const string PullRequest = "pull request";
    public const string Reference = "reference";
    public const string Ruleset = "ruleset";
    public const string Secret = "secret";
    public const string Setting = "setting";
    public const string Team = "team";
    public const string Variable = "variable";
}
