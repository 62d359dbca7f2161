using Portal.Providers.Local.Pipelines.Expressions;

namespace Portal.Providers.Local.Pipelines.Jobs;

/// <summary>A step with <c>run</c>.</summary>
internal static class ScriptStep
{
    public static async Task<StepResult> RunAsync(StepContext context, CancellationToken cancellation)
    {
        var (step, job) = (context.Step, context.Job);
        var scope = context.Scope();
        var script = TextTemplate.Render(step.Run!, scope);
        var isTop = context.Frame.Depth == 0;
        var shell = Render(step.Shell ?? (isTop ? job.Job.Defaults.Shell ?? job.Workflow.Defaults.Shell : null), scope);
        var folder = Render(
            step.WorkingDirectory ?? (
                isTop ? job.Job.Defaults.WorkingDirectory ?? job.Workflow.Defaults.WorkingDirectory : null),
            scope);
        var (template, extension) = Shell(shell);
        if (template is null) return StepResult.Unavailable($"shell {shell}");

        var file = job.Folders.WriteScript(script.ReplaceLineEndings("\n"), extension);
        context.Log($"##[group]Run {FirstLine(script)}");
        foreach (var line in script.TrimEnd().Split('\n')) context.Log(line.TrimEnd('\r'));
        context.Log($"shell: {template}");
        context.Log("##[endgroup]");
        var command = template.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(p => p == "{0}" ? file : p.Replace("{0}", file, StringComparison.Ordinal)).ToList();
        var output = new OutputCommands(l => job.Log(context.Name, l, own: false), job.Run.Log.Mask);
        var exit = await context.RunAsync(
            command, output.Line, cancellation, Path.Combine(job.Folders.Workspace, folder ?? ""));
        return context.ResultOf(exit, output.FirstError);
    }

    public static string FirstLine(string script) => script.Trim().Split('\n', 2)[0].TrimEnd();

    /// <summary>
    /// GitHub's own command lines: without a shell asked for, bash stops at the first error but not at one inside a
    /// pipe.
    /// </summary>
    private static (string? Template, string Extension) Shell(string? shell) => shell switch
    {
        null or "" => ("bash -e {0}", ".sh"),
        "bash" => ("bash --noprofile --norc -e -o pipefail {0}", ".sh"),
        "sh" => ("sh -e {0}", ".sh"),
        "python" => ("python3 {0}", ".py"),
        "pwsh" or "powershell" or "cmd" => (null, ""),
        _ when shell.Contains("{0}", StringComparison.Ordinal) => (shell, ".sh"),
        _ => ($"{shell} {{0}}", ".sh"),
    };

    private static string? Render(SourceText? text, ExpressionScope scope) =>
        text is null ? null : TextTemplate.Render(text, scope);
}
