using System.Collections.Concurrent;
using System.Collections.Frozen;
using Portal.Templating.Filters;
using Portal.Templating.Lexing;
using Portal.Templating.Parsing;

namespace Portal.Templating;

/// <summary>
/// Reads Nunjucks templates. Safe for use by many threads; make one for each set of options and keep it.
/// </summary>
public sealed class TemplateEngine
{
    private const int MaxSource = 32 * 1024 * 1024;

    private readonly ConcurrentDictionary<string, Template> loaded = new(StringComparer.Ordinal);

    /// <summary>Makes an engine.</summary>
    /// <exception cref="ArgumentException">A delimiter is empty or stands for something else.</exception>
    public TemplateEngine(TemplateEngineOptions? options = null)
    {
        Options = options ?? new TemplateEngineOptions();
        if (Options.VariableStart.Length < 2 || Options.VariableEnd.Length < 2
            || Options.VariableStart is Delimiters.BlockStart or Delimiters.CommentStart
                || Options.VariableEnd == Delimiters.BlockEnd)
        {
            throw new ArgumentException(
                "The delimiters of expressions must have two characters or more and differ from those of tags and comments.",
                nameof(options));
        }

        Delimiters = new Delimiters(Options);
        Filters = BuiltInFilters.With(Options);
        Globals = BuiltInGlobals.With(Options);
        Tests = BuiltInTests.All;
    }

    internal TemplateEngineOptions Options { get; }
    internal Delimiters Delimiters { get; }
    internal FrozenDictionary<string, Callable> Filters { get; }
    internal FrozenDictionary<string, Value> Globals { get; }
    internal FrozenDictionary<string, Callable> Tests { get; }

    /// <summary>
    /// Whether the text has no tag, expression or comment, so that rendering would give it back as it is.
    /// </summary>
    public bool IsLiteral(ReadOnlySpan<char> source) => source.IndexOfAny(Delimiters.Marks) < 0;

    /// <summary>Reads a template.</summary>
    /// <param name="source">Its text.</param>
    /// <param name="name">What to call it in errors; its path, from which relative includes are resolved.</param>
    /// <exception cref="TemplateException">It is not a template; filters, tests and tags that do not exist are found
    /// here too.</exception>
    public Template Parse(string source, string name)
    {
        if (source.Length > MaxSource)
        {
            throw new TemplateLimitException($"The template has more than {MaxSource:N0} characters.", name, 1, 1);
        }

        return IsLiteral(source)
            ? new Template(this, source, name, null)
            : new Template(this, source, name, new Parser(this, source, name));
    }

    /// <summary>Reads a bare expression, without delimiters.</summary>
    /// <exception cref="TemplateException">It is not an expression.</exception>
    public Expression ParseExpression(string source, string name)
    {
        var parser = new Parser(this, source, name);
        var root = parser.ParseBareExpression();
        return new Expression(new Template(this, source, name, null), root);
    }

    internal Template? Load(string path, Template from, bool ignoreMissing)
    {
        if (Options.Loader is not { } loader)
        {
            throw new EvaluationError("'include', 'import' and 'extends' have no folder to look in here");
        }

        var resolved = TemplatePath.Resolve(path, from.Name);
        if (loaded.TryGetValue(resolved, out var known)) return known;

        return loader.Load(resolved) is { } source
            ? loaded.GetOrAdd(resolved, Parse(source, resolved))
            : ignoreMissing ? null : throw new EvaluationError($"there is no template '{resolved}'");
    }
}
