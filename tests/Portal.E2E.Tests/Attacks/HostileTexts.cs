using System.Text;

namespace Portal.E2E.Tests.Attacks;

/// <summary>Small texts that would cost gigabytes if nothing bounded what they mean.</summary>
internal static class HostileTexts
{
    /// <summary>A descriptor file of so many components, about 700 characters each.</summary>
    public static string Entities(string prefix, int count)
    {
        var text = new StringBuilder();
        for (var i = 0; i < count; i++)
        {
            text.Append(i == 0 ? "" : "---\n").Append($"""
                apiVersion: backstage.io/v1alpha1
                kind: Component
                metadata:
                  name: {prefix}-{i}
                  description: {new string('d', 200)}
                  annotations: {"{"} example.com/dashboard: 'https://dashboards.example.com/{prefix}/{i}', example.com/runbook: 'https://wiki.example.com/{prefix}/{i}' {"}"}
                  links: [{"{"} url: 'https://wiki.example.com/{prefix}-{i}', title: Wiki {"}"}]
                  tags: [java, orders]
                spec: {"{"} type: service, lifecycle: production, owner: orders, system: shop {"}"}

                """);
        }
        return text.ToString();
    }

    public static IReadOnlyDictionary<string, string> Workflows { get; } = new Dictionary<string, string>
    {
        ["format"] = Workflow($"    env:\n      A: {Expression(Nested(12))}\n"),
        ["text"] = Workflow(
            $"    env:\n      A: {Expression($"format('{Braces(200)}', format('{Braces(200)}', format('{Braces(200)}', 'xxxxxxxxxx')))")}\n"),
        ["variables"] = Workflow("    env:\n      V0: xxxxxxxxxxxxxxxx\n" + string.Concat(
            Enumerable.Range(1, 40).Select(i => $"      V{i}: {Doubled($"env.V{i - 1}")}\n"))),
        ["many"] = Workflow(
            "    env:\n      V0: xxxxxxxxxxxxxxxx\n"
                + string.Concat(Enumerable.Range(1, 15).Select(i => $"      V{i}: {Doubled($"env.V{i - 1}")}\n"))
            + string.Concat(Enumerable.Range(16, 900).Select(i => $"      V{i}: '{i}{Expression("env.V15")}'\n"))),
        ["json"] = Workflow(
            $"    env:\n      A: {Expression(string.Concat(Enumerable.Repeat("toJSON(", 40)) + "'\"\"\"\"'" + new string(')', 40))}\n"),
        ["matrix"] = Workflow("    strategy:\n      matrix:\n" + string.Concat(
            Enumerable.Range(0, 12).Select(i => $"        a{i}: [{string.Join(", ", Enumerable.Range(0, 30))}]\n"))),
        ["chain"] = Workflow($"    if: {Expression("github" + string.Concat(Enumerable.Repeat(".a", 200_000)))}\n"),
        ["aliases"] = "on: push\n" + Aliases + Workflow("")["on: push\n".Length..],
        ["deep"] = "on: push\nenv: " + new string('[', 500_000),
        ["circle"] = Workflow("    strategy: { matrix: &m { a: [*m] } }\n"),
    };

    /// <summary>Values that stand for a hundred billion.</summary>
    public static string Aliases => string.Concat(
        Enumerable.Range(0, 12).Select(i => i == 0
            ? "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
            : $"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 9))}]\n"));

    /// <summary>Templates whose rendering would not end.</summary>
    public static IReadOnlyDictionary<string, string> Renderings { get; } = new Dictionary<string, string>
    {
        ["repeat"] = "{% set ns = 'x' %}{% for i in range(0, 64) %}{% set ns = ns + ns %}{% endfor %}{{ ns }}",
        ["loops"] =
            "{% for a in range(0, 10000) %}{% for b in range(0, 10000) %}xxxxxxxxxxxxxxxx{% endfor %}{% endfor %}",
        ["macro"] = "{% macro m(n) %}{{ m(n) }}{{ m(n) }}{% endmacro %}{{ m(1) }}",
        ["lists"] = "{% set l = [1] %}{% for i in range(0, 64) %}{% set l = l.concat(l) %}{% endfor %}{{ l | length }}",
        ["nested"] = "{{ " + new string('(', 100_000) + "1" + new string(')', 100_000) + " }}",
        ["pattern"] = "{{ '" + new string('a', 60) + "!' | replace(r/^(a+)+$/, 'x') }}",
    };

    private static string Workflow(string job) =>
        $"on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n{job}    steps:\n      - run: 'true'\n";

    private static string Expression(string text) => $"${{{{ {text} }}}}";

    private static string Doubled(string name) => Expression(name) + Expression(name);

    private static string Braces(int count) => string.Concat(Enumerable.Repeat("{0}", count));

    private static string Nested(int depth) =>
        Enumerable.Range(0, depth).Aggregate("'xxxxxxxxxx'", (inner, _) => $"format('{Braces(10)}', {inner})");
}
