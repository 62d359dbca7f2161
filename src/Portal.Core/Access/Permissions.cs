namespace Portal.Core.Access;

/// <summary>Everything that may be allowed or refused. Roles are rows that name these.</summary>
public static class Permissions
{
    public const string CatalogRead = "catalog.read";
    public const string CatalogChange = "catalog.change";
    public const string TemplateRead = "template.read";
    public const string TemplateRun = "template.run";
    public const string RunRead = "run.read";
    public const string RunChange = "run.change";
    public const string RepositoryRead = "repository.read";
    public const string RepositoryPush = "repository.push";
    public const string PipelineRead = "pipeline.read";
    public const string PipelineChange = "pipeline.change";
    public const string EnvironmentRead = "environment.read";
    public const string EnvironmentChange = "environment.change";
    public const string CostRead = "cost.read";
    public const string ActivityRead = "activity.read";
    public const string Administer = "portal.administer";

    public static readonly IReadOnlyList<string> All =
    [
        CatalogRead, CatalogChange, TemplateRead, TemplateRun, RunRead, RunChange, RepositoryRead, RepositoryPush,
        PipelineRead,
        PipelineChange, EnvironmentRead, EnvironmentChange, CostRead, ActivityRead, Administer,
    ];
}
