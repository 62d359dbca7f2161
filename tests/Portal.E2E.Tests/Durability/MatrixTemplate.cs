using Portal.E2E.Tests.Hosting;
using Portal.TestKit.Outside;

namespace Portal.E2E.Tests.Durability;

/// <summary>
/// A template whose run has effects of all three classes: repositories and environments (create), catalog entries and
/// all that is done to an environment of the portal's (put), pipeline runs (trigger). Its step ids begin with its own
/// name, so a fail point means the run of one template alone.
/// </summary>
internal static class MatrixTemplate
{
    /// <summary>Ends of the effects' ids, in the order in which they happen.</summary>
    public static IReadOnlyList<string> Effects(string name) =>
    [
        .. Each($"{name}-publish", "repository"), .. Each($"{name}-register", "entity"),
        .. Each($"{name}-build", "pipeline"), .. Each($"{name}-start", "environment"),
        $"{name}-extend-0-environment", $"{name}-stop-0-environment", $"{name}-again-0-environment",
        $"{name}-rebuild-0-pipeline",
        $"{name}-deploy-0-environment", $"{name}-spare-0-environment", $"{name}-destroy-0-environment",
    ];

    /// <summary>How many effects there are, by the name of any.</summary>
    public static int Count { get; } = Effects("").Count;

    /// <summary>What a whole run leaves.</summary>
    public static IReadOnlyDictionary<string, int> Leaves { get; } = new Dictionary<string, int>(StringComparer.Ordinal)
    {
        ["repository"] = 3, ["entity"] = 3, ["pipeline run"] = 4, ["environment"] = 3,
    };

    /// <summary>What a whole run makes in the outside world; one environment of it is destroyed again.</summary>
    public static IReadOnlyDictionary<string, int> Makes { get; } = new Dictionary<string, int>(StringComparer.Ordinal)
    {
        [OutsideThing.Repository] = 3, [OutsideThing.PipelineRun] = 4, [OutsideThing.Environment] = 4,
    };

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
                - { id: {{{name}}}-extend, name: Extend, action: 'environment:extend', input: { environment: '${{ steps["{{{name}}}-start"].output.environment[0] }}', lifetime: 30d, sooner: true } }
                - { id: {{{name}}}-stop, name: Stop, action: 'environment:stop', input: { environment: '${{ steps["{{{name}}}-start"].output.environment[0] }}' } }
                - { id: {{{name}}}-again, name: Start again, action: 'environment:start', input: { environment: '${{ steps["{{{name}}}-start"].output.environment[0] }}' } }
                - { id: {{{name}}}-rebuild, name: Build again, action: 'pipeline:run', input: { repository: '${{ steps["{{{name}}}-publish"].output.repository[0] }}', workflow: ci.yml } }
                - id: {{{name}}}-deploy
                  name: Deploy
                  action: environment:deploy
                  input:
                    environment: '${{ steps["{{{name}}}-start"].output.environment[0] }}'
                    pipelineRun: '${{ steps["{{{name}}}-rebuild"].output.pipelineRun }}'
                - id: {{{name}}}-spare
                  name: Start another
                  action: environment:create
                  input:
                    repository: '${{ steps["{{{name}}}-publish"].output.repository[0] }}'
                    component: 'component:default/${{ parameters.name }}-a'
                    name: spare
                    pipelineRun: '${{ steps["{{{name}}}-build"].output.pipelineRun[0] }}'
                - { id: {{{name}}}-destroy, name: Destroy it, action: 'environment:destroy', input: { environment: '${{ steps["{{{name}}}-spare"].output.environment }}' } }
            """);
    }

    private static IEnumerable<string> Each(string step, string effect) =>
        Enumerable.Range(0, 3).Select(i => $"{step}-{i}-{effect}");
}
