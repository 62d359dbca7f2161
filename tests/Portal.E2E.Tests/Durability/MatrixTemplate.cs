using Portal.E2E.Tests.Hosting;

namespace Portal.E2E.Tests.Durability;

/// <summary>
/// A template whose run has twelve effects of all three classes: three repositories and three environments (create), three catalog entries
/// (put), three pipeline runs (trigger). Its step ids begin with its own name, so a fail point means the run of one template alone.
/// </summary>
internal static class MatrixTemplate
{
    /// <summary>Ends of the effects' ids, in the order in which they happen.</summary>
    public static IReadOnlyList<string> Effects(string name) =>
    [
        .. Each($"{name}-publish", "repository"), .. Each($"{name}-register", "entity"), .. Each($"{name}-build", "pipeline"), .. Each($"{name}-start", "environment"),
    ];

    public static void Write(TemplateFolder folder, string name)
    {
        folder.WriteService(name, "node --version", "node app/server.mjs");
        folder.Write($"{name}/skeleton/app/server.mjs", """
            import { createServer } from 'node:http';
            createServer((request, response) => response.end('here')).listen(process.env.PORT, '127.0.0.1');
            """);
        // On demand alone: a pipeline that a push starts belongs to nobody's effect.
        folder.Write($"{name}/skeleton/.github/workflows/ci.yml", """
            name: ci
            run-name: ${{ inputs.portal_correlation }}
            on:
              workflow_dispatch:
                inputs:
                  portal_correlation: { type: string }
            jobs:
              build:
                runs-on: ubuntu-24.04
                steps:
                  - uses: actions/checkout@v6
                  - uses: actions/upload-artifact@v6
                    with: { name: app, path: . }
            """);
        folder.Write($"{name}/template.yaml", $$$"""
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
                    name: { title: Name, type: string }
                    owner: { title: Owner, type: string, ui:field: OwnerPicker }
              steps:
                - { id: {{{name}}}-fetch, name: Render, action: 'fetch:template', each: ['a', 'b', 'c'], input: { url: ./skeleton, targetPath: './${{ each.value }}', copyWithoutTemplating: ['.github/workflows/*'], values: { name: '${{ parameters.name }}-${{ each.value }}' } } }
                - { id: {{{name}}}-publish, name: Publish, action: 'repo:create', each: ['a', 'b', 'c'], input: { name: '${{ parameters.name }}-${{ each.value }}', owner: '${{ parameters.owner }}', sourcePath: '${{ each.value }}' } }
                - { id: {{{name}}}-register, name: Register, action: 'catalog:register', each: ['a', 'b', 'c'], input: { repoContentsUrl: '${{ steps["{{{name}}}-publish"].output.repoContentsUrl[["a", "b", "c"].indexOf(each.value)] }}' } }
                - { id: {{{name}}}-build, name: Build, action: 'pipeline:run', each: ['a', 'b', 'c'], input: { repository: '${{ steps["{{{name}}}-publish"].output.repository[["a", "b", "c"].indexOf(each.value)] }}', workflow: ci.yml } }
                - id: {{{name}}}-start
                  name: Start
                  action: environment:create
                  each: ['a', 'b', 'c']
                  input:
                    repository: '${{ steps["{{{name}}}-publish"].output.repository[["a", "b", "c"].indexOf(each.value)] }}'
                    component: 'component:default/${{ parameters.name }}-${{ each.value }}'
                    name: dev
                    pipelineRun: '${{ steps["{{{name}}}-build"].output.pipelineRun[["a", "b", "c"].indexOf(each.value)] }}'
            """);
    }

    private static IEnumerable<string> Each(string step, string effect) => Enumerable.Range(0, 3).Select(i => $"{step}-{i}-{effect}");
}
