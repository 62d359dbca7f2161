using System.Diagnostics;
using System.Text.Json.Nodes;
using Portal.Core.GoldenPaths.Forms;
using Portal.TestKit;

namespace Portal.Core.Tests.GoldenPaths.Forms.Rjsf;

/// <summary>Our forms beside react-jsonschema-form, the library that Backstage shows a template with.</summary>
public sealed class RjsfTests
{
    [Fact]
    public async Task Form_EveryCase_IsAsInReactJsonSchemaForm()
    {
        var folder = Path.Combine(RepositoryRoot.Path, "tests/Portal.Core.Tests");
        var source = await File.ReadAllTextAsync(
            Path.Combine(folder, "GoldenPaths/Forms/Rjsf/cases.json"), TestContext.Current.CancellationToken);
        await NpmPackages.EnsureAsync(folder, TestContext.Current.CancellationToken);
        var answers = await AskAsync(
            Path.Combine(folder, "GoldenPaths/Forms/Rjsf"), source, TestContext.Current.CancellationToken);

        var differences = new List<string>();
        foreach (var (test, answer) in JsonNode.Parse(source)!.AsArray().Zip(JsonNode.Parse(answers)!.AsArray()))
        {
            var found = new List<string>();
            Compare(
                (string)test!["name"]!, FormDefinition.Parse(test["schema"]), test["values"]!.AsObject(),
                answer!.AsObject(), found);
            if (test["differs"] is null)
            {
                differences.AddRange(found);
            }
            else if (found.Count == 0)
            {
                differences.Add($"{test["name"]}: is noted as different ({test["differs"]}), but is not");
            }
        }

        Assert.True(differences.Count == 0, string.Join('\n', differences));
    }

    private static void Compare(
        string name, FormDefinition form, JsonObject values, JsonObject answer, List<string> differences)
    {
        var fields = string.Join(' ', form.Resolve(values).Pages[0].Fields.Select(field => field.Name));
        var theirs = string.Join(' ', answer["fields"]!.AsArray().Select(field => (string)field!));
        if (fields != theirs) differences.Add($"{name}: we show {fields}, they show {theirs}");

        var defaults = WithoutEmpty(form.ApplyDefaults(values));
        if (!JsonNode.DeepEquals(defaults, WithoutEmpty(answer["defaults"])))
        {
            differences.Add(
                $"{name}: we fill in {defaults?.ToJsonString()}, they fill in {answer["defaults"]?.ToJsonString()}");
        }

        if (form.Pages[0].Schema.IsValid(values) != (bool)answer["valid"]!)
        {
            differences.Add($"{name}: they say {((bool)answer["valid"]! ? "valid" : "not valid")}");
        }
    }

    /// <summary>
    /// They start every object and list as an empty one, we only what is required: that difference is meant.
    /// </summary>
    private static JsonNode? WithoutEmpty(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject members:
                var kept = new JsonObject();
                foreach (var (name, member) in members)
                {
                    if (WithoutEmpty(member) is { } value) kept[name] = value;
                }

                return kept.Count == 0 ? null : kept;
            case JsonArray items:
                return items.Count == 0
                    ? null
                    : new JsonArray([.. items.Select(item => WithoutEmpty(item) ?? new JsonObject())]);
            default:
                return node?.DeepClone();
        }
    }

    private static async Task<string> AskAsync(string folder, string cases, CancellationToken cancellation)
    {
        using var node = Process.Start(new ProcessStartInfo("node", ["rjsf.mjs"])
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = node.StandardOutput.ReadToEndAsync(cancellation);
        var errors = node.StandardError.ReadToEndAsync(cancellation);
        await node.StandardInput.WriteAsync(cases.AsMemory(), cancellation);
        node.StandardInput.Close();
        await node.WaitForExitAsync(cancellation);
        Assert.True(node.ExitCode == 0, await errors);
        return await output;
    }
}
