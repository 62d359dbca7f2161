namespace Portal.Templating;

/// <summary>How templates are read and what they can reach.</summary>
public sealed class TemplateEngineOptions
{
    /// <summary>
    /// What starts an expression in text. Backstage's <c>${{</c> unless set; Nunjucks's own is <c>{{</c>.
    /// </summary>
    public string VariableStart { get; init; } = "${{";
    /// <summary>What ends an expression in text.</summary>
    public string VariableEnd { get; init; } = "}}";
    /// <summary>Whether the line break right behind a block tag vanishes.</summary>
    public bool TrimBlocks { get; init; }
    /// <summary>Whether blanks between the start of a line and a block tag vanish.</summary>
    public bool LstripBlocks { get; init; }
    /// <summary>Filters besides the built-in ones; one of the same name replaces it.</summary>
    public IReadOnlyDictionary<string, TemplateFunction> Filters { get; init; } =
        new Dictionary<string, TemplateFunction>();
    /// <summary>
    /// Values and functions that every template can name, besides <c>range</c>, <c>cycler</c> and <c>joiner</c>.
    /// </summary>
    public IReadOnlyDictionary<string, Value> Globals { get; init; } = new Dictionary<string, Value>();
    /// <summary>Where <c>include</c>, <c>import</c> and <c>extends</c> find templates; null when they may not.
    /// An engine reads each path once: make a new one for a new version of the folder.</summary>
    public ITemplateLoader? Loader { get; init; }
    /// <summary>What a render may use up.</summary>
    public TemplateLimits Limits { get; init; } = new();
    /// <summary>The kind of host that serves a repository URL's host name (github, gitlab, azure, bitbucket, gitea,
    /// gerrit …), null when none does. It decides which parts <c>parseRepoUrl</c> demands. Without it every host is
    /// accepted.</summary>
    public Func<string, string?>? RepositoryHostType { get; init; }
}

/// <summary>Finds the source of included and imported templates, inside the template's own folder.</summary>
public interface ITemplateLoader
{
    /// <summary>The source of the template at this path, or null when there is none.</summary>
    /// <param name="path">A path relative to the template's folder, with <c>/</c>, already free of <c>.</c> and
    /// <c>..</c>.</param>
    string? Load(string path);
}

/// <summary>What one render may use up; beyond it a <see cref="TemplateLimitException"/> is thrown.</summary>
public sealed class TemplateLimits
{
    /// <summary>The most characters of output; also of all texts made on the way, eightfold.</summary>
    public int MaxOutput { get; init; } = 16 * 1024 * 1024;
    /// <summary>The most loop rounds, calls and list items made.</summary>
    public int MaxSteps { get; init; } = 1_000_000;
    /// <summary>How deep macros and includes may call each other.</summary>
    public int MaxDepth { get; init; } = 100;
    /// <summary>The longest time.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);
}
