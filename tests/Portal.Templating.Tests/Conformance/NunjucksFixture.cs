using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace Portal.Templating.Tests.Conformance;

/// <summary>The outcomes of the real Nunjucks for the whole corpus, from one Node process.</summary>
public sealed class NunjucksFixture : IAsyncLifetime
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);
    private readonly Dictionary<string, Outcome> outcomes = new(StringComparer.Ordinal);

    public Outcome this[string name] => outcomes[name];

    public async ValueTask InitializeAsync()
    {
        if (!File.Exists(Path.Combine(TestProject.Folder, "node_modules", "nunjucks", "package.json")))
        {
            await RunAsync("npm", "ci --no-audit --no-fund", null);
        }

        var names = CorpusCase.All.Keys.ToList();
        var input = JsonSerializer.Serialize(names.Select(name => CorpusCase.All[name]), Json);
        var output = await RunAsync("node", "Conformance/reference.js", input);
        var outcomes = JsonSerializer.Deserialize<Outcome[]>(output, Json)!;
        foreach (var (name, outcome) in names.Zip(outcomes)) this.outcomes.Add(name, outcome);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static async Task<string> RunAsync(string file, string arguments, string? input)
    {
        using var process = Process.Start(new ProcessStartInfo(file, arguments)
        {
            WorkingDirectory = TestProject.Folder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = new UTF8Encoding(false),
            StandardInputEncoding = new UTF8Encoding(false),
        })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? await output
            : throw new InvalidOperationException($"'{file} {arguments}' failed: {await errors}");
    }

    /// <summary>What Nunjucks made of a case: its text, or its error.</summary>
    public sealed record Outcome(string? Text, string? Error);
}
