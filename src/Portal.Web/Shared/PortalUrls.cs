using Portal.Core.Shared;

namespace Portal.Web.Shared;

/// <summary>Every address of a page, in one place. Route templates beside the methods that fill them.</summary>
public static class PortalUrls
{
    public const string Home = "/";
    public const string Create = "/create";
    public const string Catalog = "/catalog";
    public const string Discovery = "/catalog/discovery";
    public const string RejectedDescriptors = $"{Discovery}?show=problems";
    public const string Environments = "/environments";
    public const string NewEnvironment = "/environments/new";
    public const string AdoptEnvironment = "/environments/adopt";
    public const string Costs = "/costs";
    public const string Activity = "/activity";
    public const string Runs = "/runs";
    public const string Actions = "/actions";
    public const string Repositories = "/repositories";
    public const string Providers = "/providers";
    public const string Teams = "/teams";
    public const string NewTeam = "/teams/new";
    public const string People = "/people";
    public const string NewPerson = "/people/new";
    public const string ImportPeople = "/people/import";
    public const string Admin = "/admin";
    public const string SetUp = "/set-up";
    public const string AccessTokens = "/access-tokens";
    public const string SignIn = "/sign-in";
    public const string SignOut = "/sign-out";
    public const string NotFound = "/not-found";

    public const string TemplateRoute = "/templates/{Namespace}/{Name}";
    public const string WizardRoute = "/create/{Namespace}/{Name}";
    public const string ReviewRoute = "/create/{Namespace}/{Name}/review/{DraftId:guid}";
    public const string RunRoute = "/runs/{Id:guid}";
    public const string EntityRoute = "/catalog/{Kind}/{Namespace}/{Name}";
    public const string EnvironmentRoute = "/environments/{Id}";
    public const string PipelineRoute = "/pipelines/{Id}";
    public const string WebhookRoute = "/webhooks/{instance}";

    public static string Template(string ns, string name) => $"/templates/{Part(ns)}/{Part(name)}";

    public static string Template(EntityRef template) => Template(template.Namespace, template.Name);

    /// <summary>The wizard; with a draft it goes on from what was typed.</summary>
    public static string Wizard(string ns, string name, Guid? draftId = null) =>
        $"{Create}/{Part(ns)}/{Part(name)}{(draftId is null ? "" : $"?draft={draftId}")}";

    /// <summary>A page of the wizard, from 0.</summary>
    public static string WizardPage(string ns, string name, Guid draftId, int page) =>
        $"{Wizard(ns, name, draftId)}{(page == 0 ? "" : $"&page={page + 1}")}";

    /// <summary>The wizard with the values of an earlier run.</summary>
    public static string WizardLike(EntityRef template, Guid runId) =>
        $"{Wizard(template.Namespace, template.Name)}?from={runId}";

    /// <summary>The wizard with all the values of an earlier run, names too: in its place, not beside it.</summary>
    public static string WizardAgain(EntityRef template, Guid runId) => $"{WizardLike(template, runId)}&names=same";

    public static string Review(string ns, string name, Guid draftId) => $"{Wizard(ns, name)}/review/{draftId}";

    public static string Run(Guid id) => $"{Runs}/{id}";

    public static string RetryRun(Guid id) => $"{Runs}/{id}/retry";

    public static string Entity(string kind, string ns, string name) =>
        $"{Catalog}/{Part(kind.ToLowerInvariant())}/{Part(ns)}/{Part(name)}";

    public static string Entity(EntityRef entity) => Entity(entity.Kind, entity.Namespace, entity.Name);

    /// <summary>Where title, description and email of a team or a person are changed.</summary>
    public static string EditEntity(EntityRef entity) => $"{Entity(entity)}/edit";

    public static string Environment(string id) => $"{Environments}/{Part(id)}";

    /// <summary>The form for a new environment, of this component where it is known.</summary>
    public static string NewEnvironmentFor(EntityRef component) =>
        $"{NewEnvironment}?component={Uri.EscapeDataString(component.ToString())}";

    /// <param name="id">The provider's id of the pipeline run.</param>
    public static string Pipeline(string id) => $"/pipelines/{Part(id)}";

    public static string Repository(string provider, RepositoryName name) =>
        $"{Repositories}/{Part(provider)}/{Part(name.Organisation)}/{Part(name.Name)}";

    /// <param name="reference">Branch, tag or SHA; null = the default branch.</param>
    public static string RepositoryFolder(string provider, RepositoryName name, string path, string? reference) =>
        path.Length == 0
            ? $"{Repository(provider, name)}{At(reference)}"
            : $"{Repository(provider, name)}/tree/{Parts(path)}{At(reference)}";

    /// <param name="line">That is meant, from 1.</param>
    public static string RepositoryFile(
        string provider, RepositoryName name, string path, string? reference, int? line = null) =>
        $"{Repository(provider, name)}/file/{Parts(path)}{At(reference)}"
        + (line is null ? "" : $"{(reference is null ? '?' : '&')}line={line}");

    /// <summary>A file's bytes, to be saved.</summary>
    public static string RepositoryRaw(string provider, RepositoryName name, string path, string? reference) =>
        $"{Repository(provider, name)}/raw/{Parts(path)}{At(reference)}";

    public static string Commits(string provider, RepositoryName name, string? reference) =>
        $"{Repository(provider, name)}/commits{At(reference)}";

    public static string Commit(string provider, RepositoryName name, string sha) =>
        $"{Repository(provider, name)}/commits/{Part(sha)}";

    /// <param name="key">Of the log.</param>
    public static string SetUpWith(string key) => $"{SetUp}?key={Part(key)}";

    /// <summary>Where a provider sends what happened there.</summary>
    public static string Webhook(string instance) => $"/webhooks/{Part(instance)}";

    public static string SignInAndReturnTo(string path) => $"{SignIn}?returnUrl={Uri.EscapeDataString(path)}";

    private static string At(string? reference) => reference is null ? "" : $"?ref={Part(reference)}";

    private static string Parts(string path) => string.Join('/', path.Split('/').Select(Part));

    private static string Part(string text) => Uri.EscapeDataString(text);
}
