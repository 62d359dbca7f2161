using System.Text.Json.Nodes;
using Portal.E2E.Tests.Hosting;

namespace Portal.E2E.Tests.Journeys;

/// <summary>Small templates whose runs wait, or fail until they are corrected.</summary>
internal static class RunTemplates
{
    public const string Approval = "ask-first";
    public const string Correctable = "two-repositories";

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

    /// <summary>Makes two repositories; whether the second name is free only the run finds out.</summary>
    public static void WriteCorrectable(this TemplateFolder folder)
    {
        folder.Write($"{Correctable}/skeleton/README.md", "# One of two\n");
        folder.Write($"{Correctable}/template.yaml", $$$"""
            {{{Head(Correctable, "Two repositories")}}}
                  required: [name, owner, second, password]
                  properties:
                    name: { title: Name, type: string }
                    owner: { title: Owner, type: string, ui:field: OwnerPicker }
                    second: { title: Second name, type: string }
                    password: { title: Password, type: string, ui:field: Secret }
              steps:
                - { id: fetch, name: Copy the files, action: 'fetch:plain', input: { url: ./skeleton } }
                - { id: publish, name: Create the first, action: 'repo:create', input: { name: '${{ parameters.name }}', owner: '${{ parameters.owner }}' } }
                - { id: twin, name: Create the second, action: 'repo:create', input: { name: '${{ parameters.second if steps.publish.output.commit else parameters.second }}', owner: '${{ parameters.owner }}' } }
            """);
    }

    /// <summary>A run that failed at its second repository, because the first has that name.</summary>
    public static async Task<Guid> FailedAsync(this HttpClient client, string name)
    {
        await client.KnowsTemplateAsync(Correctable);
        var values = Values(name);
        values["second"] = name;
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
