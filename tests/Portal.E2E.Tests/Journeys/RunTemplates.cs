using System.Text.Json.Nodes;
using Portal.E2E.Tests.Hosting;

namespace Portal.E2E.Tests.Journeys;

/// <summary>Small templates whose runs wait, or fail until they are corrected.</summary>
internal static class RunTemplates
{
    public const string Approval = "ask-first";
    public const string Correctable = "maintained";

    public static JsonObject Values(string name) => new() { ["name"] = name, ["owner"] = "group:default/orders" };

    /// <summary>Asks a person or a group before it makes a repository.</summary>
    public static void WriteApproval(this TemplateFolder folder)
    {
        folder.Write($"{Approval}/skeleton/README.md", "# Asked for\n");
        folder.Write($"{Approval}/template.yaml", $$$"""
            {{{Head(Approval, "Ask first")}}}
                  required: [name, owner]
                  properties:
                    name: { title: Name, type: string }
                    owner: { title: Owner, type: string, ui:field: OwnerPicker }
              steps:
                - { id: fetch, name: Copy the files, action: 'fetch:plain', input: { url: ./skeleton } }
                - { id: ask, name: Ask Ben, action: 'wait:approval', input: { approvers: ['user:default/ben'], question: 'May ${{ parameters.name }} be made?', within: 7d } }
                - { id: publish, name: Create the repository, action: 'repo:create', input: { name: '${{ parameters.name }}', owner: '${{ parameters.owner }}' } }
            """);
    }

    /// <summary>
    /// Makes a repository and waits for a time, which only the run looks at: it depends on what the run makes.
    /// </summary>
    public static void WriteCorrectable(this TemplateFolder folder)
    {
        folder.Write($"{Correctable}/skeleton/README.md", "# Maintained\n");
        folder.Write($"{Correctable}/template.yaml", $$$"""
            {{{Head(Correctable, "Maintained")}}}
                  required: [name, owner, window, password]
                  properties:
                    name: { title: Name, type: string }
                    owner: { title: Owner, type: string, ui:field: OwnerPicker }
                    window: { title: Window, type: string }
                    password: { title: Password, type: string, ui:field: Secret }
              steps:
                - { id: fetch, name: Copy the files, action: 'fetch:plain', input: { url: ./skeleton } }
                - { id: publish, name: Create the repository, action: 'repo:create', input: { name: '${{ parameters.name }}', owner: '${{ parameters.owner }}' } }
                - { id: window, name: Wait for the window, action: 'wait:until', input: { time: '${{ parameters.window if steps.publish.output.commit else parameters.window }}' } }
            """);
    }

    /// <summary>A run that made a repository and failed at its wait, because "soon" is no point in time.</summary>
    public static async Task<Guid> FailedAsync(this HttpClient client, string name)
    {
        await client.KnowsTemplateAsync(Correctable);
        var values = Values(name);
        values["window"] = "soon";
        values["password"] = "correct horse";
        var run = await client.StartAsync(Correctable, values);
        var over = await client.OverAsync(run);
        Assert.Equal("failed", over["run"]!["status"]!.GetValue<string>());
        return run;
    }

    private static string Head(string name, string title) => $$"""
        apiVersion: scaffolder.backstage.io/v1beta3
        kind: Template
        metadata: { name: {{name}}, title: {{title}} }
        spec:
          owner: group:default/platform
          type: other
          parameters:
            - title: It
        """;
}
