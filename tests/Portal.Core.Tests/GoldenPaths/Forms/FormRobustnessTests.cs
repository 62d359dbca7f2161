using System.Text.Json.Nodes;
using Portal.Core.GoldenPaths.Forms;
using Portal.Core.Tests.Schema;

namespace Portal.Core.Tests.GoldenPaths.Forms;

/// <summary>
/// Whatever a schema holds, a form comes of it: each schema of the official suite is taken as a page and as a field.
/// </summary>
public sealed class FormRobustnessTests
{
    [Fact]
    public void Form_EverySchemaOfTheSuite_CanBeShownFilledAndChecked()
    {
        const string draft = "draft7";
        var forms = 0;
        foreach (var group in JsonSchemaTestSuite.Files(draft)
            .SelectMany(file => JsonSchemaTestSuite.Groups(draft, file)))
        {
            var page = FormDefinition.Parse(group.Schema);
            var field = FormDefinition.Parse(
                new JsonObject { ["properties"] = new JsonObject { ["field"] = group.Schema?.DeepClone() } });
            foreach (var test in group.Cases)
            {
                Use(page, test.Data as JsonObject ?? []);
                Use(field, new JsonObject { ["field"] = test.Data?.DeepClone() });
                forms += 2;
            }
        }

        Assert.True(forms > 2_000, $"{forms}");
    }

    private static void Use(FormDefinition form, JsonObject values)
    {
        var before = values.ToJsonString();
        var filled = form.ApplyDefaults(values);
        var state = form.Resolve(filled);
        var errors = form.Validate(filled);

        // Defaults once filled in are final, hidden values once gone are gone, and nobody changed what was handed in.
        Assert.Equal(filled.ToJsonString(), form.ApplyDefaults(filled).ToJsonString());
        Assert.Equal(state.Values.ToJsonString(), form.Prune(state.Values).ToJsonString());
        Assert.Equal(before, values.ToJsonString());
        Assert.All(errors, error => Assert.NotEmpty(error.Message));
        Assert.Distinct(state.Pages.SelectMany(page => page.Fields).SelectMany(field => field.SelfAndBelow())
            .Select(field => field.Path));
    }
}
