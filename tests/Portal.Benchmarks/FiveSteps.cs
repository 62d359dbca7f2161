using System.Text.Json.Nodes;

namespace Portal.Benchmarks;

/// <summary>
/// A template of five steps of which three change something outside, at no cost: what is measured is the portal's own
/// part.
/// </summary>
internal static class FiveSteps
{
    public const string Name = "bench-five";

    public static JsonObject Values => new() { ["name"] = "orders" };

    public static void WriteTo(string source)
    {
        Directory.CreateDirectory(Path.Combine(source, Name, "skeleton"));
        File.WriteAllText(Path.Combine(source, Name, "skeleton", "README.md"), "# ${{ values.name }}\n");
        File.WriteAllText(Path.Combine(source, Name, "template.yaml"), $$$"""
            apiVersion: scaffolder.backstage.io/v1beta3
            kind: Template
            metadata: { name: {{{Name}}}, title: Five steps }
            spec:
              type: service
              parameters:
                - title: Service
                  required: [name]
                  properties: { name: { type: string, title: Name } }
              steps:
                - { id: fetch, name: Render, action: 'fetch:template', input: { url: ./skeleton, values: { name: '${{ parameters.name }}' } } }
                - { id: one, name: First, action: 'test:free', input: { name: '${{ parameters.name }}-one' } }
                - { id: two, name: Second, action: 'test:free', input: { name: '${{ steps.one.output.name }}-two' } }
                - { id: three, name: Third, action: 'test:free', input: { name: '${{ steps.two.output.name }}-three' } }
                - { id: log, name: Say so, action: 'debug:log', input: { message: 'Made ${{ steps.three.output.name }}' } }
            """);
    }
}
