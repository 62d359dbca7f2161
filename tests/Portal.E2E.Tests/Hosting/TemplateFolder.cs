using System.Globalization;

namespace Portal.E2E.Tests.Hosting;

/// <summary>A folder of templates that tests write, beside the shipped ones.</summary>
public sealed class TemplateFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("portal-templates-").FullName;

    public void Write(string file, string text)
    {
        var path = System.IO.Path.Combine(Path, file);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        // Whole or not at all: the portal may read at any moment.
        File.WriteAllText(path + ".new", text);
        File.Move(path + ".new", path, overwrite: true);
    }

    /// <summary>
    /// A template whose skeleton is a repository with one workflow and, as artifact <c>app</c>, its folder <c>app</c>.
    /// </summary>
    /// <param name="script">What the one job runs, one command per line, before it keeps the artifact.</param>
    /// <param name="command">What an environment starts, by the shell.</param>
    public void WriteService(string name, string script, string command)
    {
        Write($"{name}/skeleton/app/about.txt", "what is deployed\n");
        Write($"{name}/skeleton/.github/workflows/ci.yml", Format("""
            name: ci
            on: [push, workflow_dispatch]
            jobs:
              build:
                runs-on: ubuntu-24.04
                steps:
                  - uses: actions/checkout@v6
                  - name: Work
                    run: |
                      {0}
                  - uses: actions/upload-artifact@v6
                    with: {{ name: app, path: app }}
            """, script.ReplaceLineEndings("\n          ")));
        Write($"{name}/skeleton/score.yaml", Format("""
            apiVersion: score.dev/v1b1
            metadata: {{ name: {0} }}
            containers:
              main:
                image: .
                command: [sh]
                args: [-c, '{1}']
                readinessProbe:
                  httpGet: {{ path: /, port: 8080 }}
            service:
              ports:
                http: {{ port: 80, targetPort: 8080 }}
            """, name, command));
        Write($"{name}/skeleton/catalog-info.yaml", Format("""
            apiVersion: backstage.io/v1alpha1
            kind: Component
            metadata: {{ name: {0} }}
            spec: {{ type: service, lifecycle: experimental, owner: group:default/orders }}
            """, "${{ values.name }}"));
        Write($"{name}/template.yaml", $$$"""
            apiVersion: scaffolder.backstage.io/v1beta3
            kind: Template
            metadata: { name: {{{name}}}, title: {{{name}}} }
            spec:
              owner: group:default/platform
              type: service
              parameters:
                - title: It
                  required: [name, owner]
                  properties:
                    name: { title: Name, type: string, ui:field: EntityNamePicker }
                    owner: { title: Owner, type: string, ui:field: OwnerPicker }
              steps:
                - { id: fetch, name: Render, action: 'fetch:template', input: { url: ./skeleton, copyWithoutTemplating: ['.github/workflows/*'], values: { name: '${{ parameters.name }}' } } }
                - { id: publish, name: Publish, action: 'repo:create', input: { name: '${{ parameters.name }}', owner: '${{ parameters.owner }}' } }
                - { id: register, name: Register, action: 'catalog:register', input: { repoContentsUrl: '${{ steps.publish.output.repoContentsUrl }}' } }
                - { id: pipeline, name: Build, action: 'pipeline:run', input: { repository: '${{ steps.publish.output.repository }}', workflow: ci.yml } }
                - id: environment
                  name: Start
                  action: environment:create
                  input: { repository: '${{ steps.publish.output.repository }}', component: '${{ steps.register.output.entityRef }}', name: dev, type: dev, size: small, pipelineRun: '${{ steps.pipeline.output.pipelineRun }}' }
            """);
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);

    private static string Format(string text, params object[] values) =>
        string.Format(CultureInfo.InvariantCulture, text, values);
}
