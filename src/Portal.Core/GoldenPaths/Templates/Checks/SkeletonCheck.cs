using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Portal.Core.GoldenPaths.Actions.Fetch;
using Portal.Core.Runs;
using Portal.Core.Runs.Actions;
using Portal.Core.Schema;
using Portal.Core.Shared;
using Portal.Core.Shared.Files;
using Portal.Templating;

namespace Portal.Core.GoldenPaths.Templates.Checks;

/// <summary>
/// The files that one step renders: whether they can be read, and whether they and the step agree on the values.
/// </summary>
internal sealed partial class SkeletonCheck
{
    private static readonly TemplateEngine Engine = new();
    private static readonly UTF8Encoding Strict = new(
        encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly TemplateManifest manifest;
    private readonly StepSpec step;
    private readonly FileTree tree;
    private readonly Findings findings;
    private readonly string at;
    private readonly JsonObject input;
    private readonly SkeletonNames names;
    private bool isIncomplete;

    public SkeletonCheck(TemplateManifest manifest, int index, FileTree tree, Findings findings)
    {
        (this.manifest, this.tree, this.findings) = (manifest, tree, findings);
        (step, at) = (manifest.Spec.Steps[index], $"/spec/steps/{index}/input");
        input = StaticInput.Of(step.Input);
        names = new SkeletonNames(step.Id, Passed());
    }

    public void Run()
    {
        // A wrong or computed url is told of elsewhere, or known only by a run.
        if (input.Text("url") is not { } url) return;
        try
        {
            switch (step.Action)
            {
                case FetchTemplate.Id:
                    CheckFolder(url);
                    break;
                case FetchTemplateFile.Id:
                    var file = FetchSource.File(tree, url);
                    if (!BinaryFiles.IsBinary(file.Content.Span)) CheckContent(file, file.Path);
                    FindUnused();
                    break;
                case FetchPlain.Id:
                    foreach (var link in FetchSource.Folder(tree, url).Files.Where(f => f.IsLink))
                    {
                        CheckLink(link, FetchSource.PathOf(url));
                    }
                    break;
                case FetchPlainFile.Id:
                    FetchSource.File(tree, url);
                    break;
            }
        }
        catch (ActionFailedException e)
        {
            findings.Error(manifest.NoteAt($"{at}/url", $"Step '{step.Id}': {e.Message}"));
        }
    }

    private void CheckFolder(string url)
    {
        var folder = FetchSource.Folder(tree, url);
        string[] deciding = ["copyWithoutTemplating", "copyWithoutRender", "templateFileExtension"];
        if (deciding.Any(name => JsonValues.HoldsUnknown(input[name]))) return;
        FetchTemplateInput rules;
        try
        {
            rules = FetchTemplateInput.Read(input);
        }
        catch (ActionFailedException e)
        {
            findings.Error(manifest.NoteAt(at, $"Step '{step.Id}': {e.Message}"));
            return;
        }
        var prefix = FetchSource.PathOf(url);
        foreach (var file in folder.Files)
        {
            var name = prefix.Length == 0 ? file.Path : $"{prefix}/{file.Path}";
            if (file.IsLink) CheckLink(file, prefix);
            if (!rules.KeepsPath(file)) CheckText(file.Path, name, inPath: true);
            if (rules.IsRendered(file)) CheckContent(file, name);
        }
        FindIdlePatterns(folder);
        FindUnused();
    }

    private void CheckLink(TreeFile link, string prefix)
    {
        try
        {
            FetchSource.CheckLink(link, link.Path);
        }
        catch (ActionFailedException e)
        {
            findings.Error(new TemplateNote(prefix.Length == 0 ? link.Path : $"{prefix}/{link.Path}", 1, e.Message));
        }
    }

    private void CheckContent(TreeFile file, string name)
    {
        if (!SkeletonRenderer.HasMarks(file.Content.Span)) return;
        try
        {
            CheckText(Strict.GetString(file.Content.Span), name, inPath: false);
        }
        catch (DecoderFallbackException)
        {
            isIncomplete = true;
            findings.Error(new TemplateNote(
                name, 1, "The file has expressions but is not UTF-8 text.",
                "Save it as UTF-8, or list it in copyWithoutTemplating."));
        }
    }

    private void CheckText(string text, string name, bool inPath)
    {
        if (Engine.IsLiteral(text)) return;
        var where = inPath ? "In the file's path: " : "";
        try
        {
            foreach (var reference in Engine.Parse(text, name).References)
            {
                if (names.Check(reference) is { } problem)
                {
                    Add(
                        problem,
                        new TemplateNote(name, inPath ? 1 : reference.Line, where + problem.Message, problem.Fix));
                }
            }
        }
        catch (TemplateException e)
        {
            isIncomplete = true;
            var line = text.Split('\n').ElementAtOrDefault(e.Line - 1) ?? "";
            var problem = PipelineExpression.Match(Words.Short(line, 10_000)) is { Success: true } pipeline
                && names.OfPipeline(pipeline.Groups["name"].Value) is { } own
                ? own
                : new NameProblem($"{e.Reason.TrimEnd('.')}.", e.Suggestion is null
                    ? "Correct it, or list the file in copyWithoutTemplating."
                    : $"Did you mean '{e.Suggestion}'?");
            Add(
                problem,
                new TemplateNote(name, inPath ? 1 : Math.Max(1, e.Line), where + problem.Message, problem.Fix));
        }
    }

    private void Add(NameProblem problem, TemplateNote note)
    {
        if (problem.Level == FindingLevel.Error) findings.Error(note);
        else findings.Warning(note);
    }

    private void FindIdlePatterns(FileTree folder)
    {
        foreach (var list in (string[])["copyWithoutTemplating", "copyWithoutRender"])
        {
            var patterns = input.Texts(list);
            for (var i = 0; i < patterns.Count; i++)
            {
                var globs = new Globs([patterns[i].TrimStart('!')]);
                if (!folder.Files.Any(f => globs.Matches(f.Path)))
                {
                    findings.Warning(manifest.NoteAt(
                        $"{at}/{list}/{i}", $"The pattern '{patterns[i]}' of {list} matches no file.",
                        $"Correct it; paths start at {input.Text("url")}."));
                }
            }
        }
    }

    private void FindUnused()
    {
        if (isIncomplete || names.UsesAll) return;
        foreach (var name in names.Unused)
        {
            findings.Warning(
                manifest.NoteAt($"{at}/values/{JsonPointer.Escape(name)}", $"Step '{step.Id}' passes the value '{name}', which no file reads.",
                    $"Read it, ${{{{ values.{name} }}}}, or remove it."));
        }
    }

    /// <summary>Null when an expression gives the values, so that only a run knows their names.</summary>
    private List<string>? Passed() => UnknownValue.Is(input["values"], out _)
        ? null
        : [.. (step.Input["values"] as JsonObject ?? []).Select(v => v.Key)];

    /// <summary>A line of openings without an end must not be searched from each of them.</summary>
    private static readonly Regex PipelineExpression = new(
        @"\$\{\{[^}]*?\b(?<name>github|secrets|env|matrix|needs|runner|inputs|vars|strategy|job|steps|hashFiles|toJSON|fromJSON)\b",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking,
        TimeSpan.FromSeconds(1));
}
