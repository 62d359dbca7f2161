using Microsoft.Extensions.Options;
using Portal.Core.Catalog.Actions;
using Portal.Core.GoldenPaths.Forms;
using Portal.Core.GoldenPaths.Templates;
using Portal.Core.Runs;
using Portal.Core.Runs.Actions;
using Portal.Core.Shared;
using Portal.Core.Shared.Files;

namespace Portal.Core.TemplateTests;

/// <summary>
/// Runs the tests that lie beside templates: each case is planned, so nothing outside is touched and no database is
/// needed.
/// </summary>
public sealed class TestTemplate(
    IEnumerable<IAction> actions, IOptions<TemplateOptions> options, IOptions<StepEnvironmentOptions> environment,
    TemplateReview review)
{
    private static readonly Actor Tester = new(EntityRef.User("tester"), "Tester", []);

    /// <param name="folder">Of one template or of many, at any depth; must exist.</param>
    /// <returns>One per template folder, in the order of their paths; none when there is no template.</returns>
    public async Task<IReadOnlyList<TestedTemplate>> RunAsync(string folder, CancellationToken cancellation)
    {
        var root = Path.GetFullPath(folder);
        var result = new List<TestedTemplate>();
        var bench = Bench();
        foreach (var path in TemplateFolder.Find(root))
        {
            var relative = Path.GetRelativePath(root, path) is var name && name == "." ? "" : name.Replace('\\', '/');
            result.Add(await RunFolderAsync(bench, path, relative, cancellation));
        }
        return result;
    }

    private TestBench Bench()
    {
        var catalog = new CatalogOfCase();
        // The only action that reads the portal's own data while it is planned gets the case's catalog.
        var known = new ActionRegistry(actions.Select(a => a is CatalogFetch ? new CatalogFetch(catalog) : a));
        return new TestBench(catalog, new PlanRun(new StepWalk(known, environment)));
    }

    private async Task<TestedTemplate> RunFolderAsync(
        TestBench bench, string path, string relative, CancellationToken cancellation)
    {
        var file = TemplateFolder.ManifestFile(path)!;
        FileTree tree;
        try
        {
            tree = new TemplateFolder(path, options.Value).Load();
        }
        catch (TemplateFolderException e)
        {
            return new TestedTemplate(relative, [], [e.Note]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new TestedTemplate(relative, [], [new TemplateNote(
                file, 1, "The template's folder cannot be read.",
                "Check that its files are there, and their permissions.")]);
        }
        var (manifests, wrong) = ManifestReader.Read(tree.ReadText(file) ?? "", file);
        if (manifests.Count == 0 || wrong.Count > 0) return new TestedTemplate(relative, [], wrong);
        var (warnings, cannotCreate) = review.Of(manifests[0]);
        var version = new TemplateVersion(manifests[0], tree, relative, null, warnings, cannotCreate);
        var (results, errors) = (new List<TemplateTestResult>(), new List<TemplateNote>());
        foreach (var tests in tree.Files.Where(f => IsTestFile(f.Path)))
        {
            var (cases, unreadable) = TestFileReader.Read(tree.ReadText(tests.Path)!, tests.Path);
            errors.AddRange(unreadable);
            foreach (var test in cases) results.Add(new TemplateTestResult(
                test.Name, test.File, test.Line, [.. await FailuresAsync(bench, version, test, cancellation)]));
        }
        return new TestedTemplate(relative, results, errors);
    }

    private async Task<IEnumerable<string>> FailuresAsync(
        TestBench bench, TemplateVersion template, TemplateTestCase test, CancellationToken cancellation)
    {
        bench.Catalog.Fill(test.Catalog);
        var form = SubmittedForm.Complete(template.Form, test.Parameters, null);
        if (CaseResult.Compare(test.Expect, form.Error?.Fields ?? []).ToList() is { Count: > 0 } differences)
        {
            return differences;
        }
        if (!form.TryGet(out var submitted, out _)) return [];
        if (template.CannotCreate is { } reason) return [reason];
        var plan = await bench.Plans.PlanAsync(
            template.Propose(submitted.Values, submitted.Secrets, Tester.Ref), Tester, cancellation,
            await bench.Catalog.FindDescriptorAsync(Tester.Ref, cancellation));
        return plan.TryGet(out var made, out var error) ? CaseResult.Compare(test.Expect, made) : [error.ToString()];
    }

    private sealed record TestBench(CatalogOfCase Catalog, PlanRun Plans);

    private static bool IsTestFile(string path) =>
        path.StartsWith("tests/", StringComparison.Ordinal) && path.IndexOf('/', 6) < 0
        && (path.EndsWith(".yaml", StringComparison.Ordinal) || path.EndsWith(".yml", StringComparison.Ordinal));
}
