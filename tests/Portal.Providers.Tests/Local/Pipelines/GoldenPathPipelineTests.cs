using Portal.Core.Providers;
using Portal.Templating;
using Portal.TestKit;

namespace Portal.Providers.Tests.Local.Pipelines;

/// <summary>A golden path's own pipeline on this machine; the static site, because it needs no packages.</summary>
public sealed class GoldenPathPipelineTests : IAsyncDisposable
{
    private const string Workflows = ".github/workflows/";

    private readonly PipelineTestHost host = new();

    public ValueTask DisposeAsync() => host.DisposeAsync();

    [Fact]
    public async Task TriggerAsync_StaticSite_PassesWithoutSkippingAnything()
    {
        var files = Render("static-site").ToList();

        var run = await host.RunAsync(files.Single(file => file.Path == Workflows + "ci.yml").Text, [.. files]);

        Assert.True(
            run.Status == PipelineStatus.Passed, $"{run.Failure}\n{string.Join('\n', await host.LogAsync(run.Id))}");
        Assert.Equal(0, run.SkippedSteps);
        Assert.Equal(
            ["app", "test-results"], run.Artifacts.Select(artifact => artifact.Name).Order(StringComparer.Ordinal));
        var page = await File.ReadAllTextAsync(
            Path.Combine((await host.AppAsync(run.Id))!, "public", "index.html"),
            TestContext.Current.CancellationToken);
        Assert.Contains(run.Commit[..12], page, StringComparison.Ordinal);
    }

    private static IEnumerable<(string Path, string Text)> Render(string template)
    {
        var skeleton = RepositoryRoot.Combine("templates", "golden-paths", template, "skeleton");
        var values = new ObjectValue()
            .Set("name", Value.From("shop")).Set("title", Value.From("Shop"))
            .Set("description", Value.From("The shop."))
            .Set("owner", Value.From("group:default/team-a")).Set("team", Value.From("team-a"))
            .Set("system", Value.From(false)).Set("availability", Value.From(99.5));
        var engine = new TemplateEngine();
        foreach (var file in Directory.EnumerateFiles(
            skeleton, "*",
            new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None }))
        {
            var path = Path.GetRelativePath(skeleton, file);
            var text = File.ReadAllText(file);
            yield return (path, path.StartsWith(Workflows, StringComparison.Ordinal)
                ? text
                : engine.Parse(text, path).Render(new TemplateContext().Set("values", Value.From(values))));
        }
    }
}
