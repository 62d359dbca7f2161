using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using Portal.Core.Runs;
using Portal.Core.Runs.Actions;
using Portal.Core.Runs.Masking;
using Portal.Core.Shared.Files;
using Portal.Templating;

namespace Portal.Core.GoldenPaths.Actions.Fetch;

/// <summary>Renders the files and paths of one folder of a template over one set of <c>values</c>.</summary>
internal sealed class SkeletonRenderer
{
    private static readonly SearchValues<string> Marks = SearchValues.Create(
        ["${{", "{%", "{#", "#}"], StringComparison.Ordinal);
    private static readonly byte[][] MarkBytes =
    [
        "${{"u8.ToArray(), "{%"u8.ToArray(), "{#"u8.ToArray(), "#}"u8.ToArray()
    ];
    private static readonly UTF8Encoding Strict = new(
        encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    // Files that include nothing do not depend on their folder, so they are parsed once for all runs.
    private static readonly ParsedTexts Parsed = new(20_000);
    private static readonly TemplateEngine[] Engines =
    [
        new(), new(new TemplateEngineOptions { TrimBlocks = true }),
        new(new TemplateEngineOptions { LstripBlocks = true }),
        new(new TemplateEngineOptions { TrimBlocks = true, LstripBlocks = true }),
    ];

    private readonly FileTree folder;
    private readonly bool trimBlocks;
    private readonly bool lstripBlocks;
    private readonly RunSecrets? secrets;
    private readonly SecretWatch? watch;
    private readonly TemplateContext context;
    private readonly string prefix;
    private TemplateEngine? including;

    /// <param name="prefix">The folder's path in the template, for messages.</param>
    /// <param name="action">Its input <c>values</c> is what the files read.</param>
    public SkeletonRenderer(
        FileTree folder, string prefix, ActionContext action, bool trimBlocks, bool lstripBlocks,
        CancellationToken cancellation)
    {
        (this.folder, this.trimBlocks, this.lstripBlocks) = (folder, trimBlocks, lstripBlocks);
        this.prefix = prefix.Length == 0 ? "" : prefix + "/";
        var values = action.Input["values"] ?? new JsonObject();
        if (action.Secrets is { IsNone: false } all && all.AreIn(values))
        {
            secrets = all;
            watch = new SecretWatch((standIn, saw) => Context(all.Without(values, standIn), saw, null));
        }
        context = Context(
            values, watch is null ? null : watch.Saw,
            w => action.Log($"{this.prefix}{w.Name}:{w.Line}:{w.Column}: {w.Message}", RunEventType.Warning));

        TemplateContext Context(JsonNode? values, Action<string>? saw, Action<TemplateWarning>? warn) =>
            new TemplateContext { Cancellation = cancellation, OnWarning = warn, OnOutput = saw }.Set(
                "values", JsonValues.ToValue(values)).WarnWhenMissing("values");
    }

    /// <summary>Null when the path renders to nothing: that is how a template leaves a file out.</summary>
    public string? Path(string path)
    {
        if (path.AsSpan().IndexOfAny(Marks) < 0) return path;
        var rendered = Rendered(path, () => Parsed.Get(Engines[0], path, path));
        return rendered.Length == 0 || rendered.StartsWith('/') || rendered.EndsWith('/')
            || rendered.Contains("//", StringComparison.Ordinal) ? null : rendered;
    }

    public ReadOnlyMemory<byte> Content(TreeFile file)
    {
        if (!HasMarks(file.Content.Span)) return file.Content;
        string text;
        try
        {
            text = Strict.GetString(file.Content.Span);
        }
        catch (DecoderFallbackException)
        {
            throw ActionFailedException.Wrong(
                $"{prefix}{file.Path} has expressions but is not UTF-8 text. Save it as UTF-8, or list it in copyWithoutTemplating.");
        }
        return Encoding.UTF8.GetBytes(Rendered(file.Path, () => Template(text, file.Path)));
    }

    private Template Template(string text, string path)
    {
        var engine = Engines[(trimBlocks ? 1 : 0) + (lstripBlocks ? 2 : 0)];
        if (!text.Contains("include", StringComparison.Ordinal) && !text.Contains("import", StringComparison.Ordinal)
            && !text.Contains("extends", StringComparison.Ordinal))
        {
            return Parsed.Get(engine, text, path);
        }
        including ??= new TemplateEngine(new TemplateEngineOptions
        {
            TrimBlocks = trimBlocks, LstripBlocks = lstripBlocks, Loader = new FolderLoader(folder)
        });
        return including.Parse(text, path);
    }

    private string Rendered(string path, Func<Template> parse)
    {
        Template? template = null;
        try
        {
            template = parse();
            watch?.Begin();
            var text = template.Render(context);
            watch?.Note(template, text);
            if (watch is not null) secrets!.Learn(watch.Made);
            return text;
        }
        catch (TemplateException e)
        {
            if (template is not null && watch?.TellsOfSecret(template, e) == true) e = StepTexts.MadeOfSecret(e);
            throw ActionFailedException.Wrong(
                $"{prefix}{(e.Line > 0 ? e.Message : $"{path}: {e.Message}")}{Hint(e)}", e);
        }
    }

    /// <summary>The collision that everybody meets once: a workflow's own expressions in a rendered file.</summary>
    private static string Hint(TemplateException error) =>
        error.Reason.Contains("'github'", StringComparison.Ordinal)
            || error.Reason.Contains("'secrets'", StringComparison.Ordinal)
            || error.Reason.Contains("'matrix'", StringComparison.Ordinal)
            ? " If the expression is meant for a pipeline, list the file in copyWithoutTemplating, or put {% raw %} … {% endraw %} around it."
            : "";

    public static bool HasMarks(ReadOnlySpan<byte> content)
    {
        foreach (var mark in MarkBytes)
        {
            if (content.IndexOf(mark) >= 0) return true;
        }
        return false;
    }

    private sealed class FolderLoader(FileTree folder) : ITemplateLoader
    {
        public string? Load(string path) =>
            folder.TryGet(path, out var file) && !file.IsLink ? Encoding.UTF8.GetString(file.Content.Span) : null;
    }
}
