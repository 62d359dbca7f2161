using Portal.Core.Providers;
using Portal.Providers.Local.Pipelines.Actions;
using Portal.Providers.Local.Pipelines.Runs;
using Portal.Providers.Local.Pipelines.Workflows;

namespace Portal.Providers.Local.Pipelines;

/// <summary>
/// A workflow that somebody starts by hand: which file of which commit that is, and whether it takes the inputs.
/// </summary>
internal sealed class WorkflowDispatch(LocalFolders folders)
{
    /// <exception cref="ProviderException">
    /// There is no such repository, reference or workflow, or no such input.
    /// </exception>
    public async Task<NewRun> ReadAsync(TriggerPipeline request, CancellationToken cancellation)
    {
        var folder = folders.Repository(request.Repository);
        if (!Directory.Exists(folder))
        {
            throw ProviderException.NotFound("repository-unknown", $"There is no repository {request.Repository}.");
        }
        if (!IsWorkflowName(request.Workflow)) throw ProviderException.Invalid("workflow-name",
            $"'{request.Workflow}' is not the name of a workflow; give a file name such as ci.yml.");
        var found = await LocalReferences.FindAsync(folder, request.Reference, cancellation)
            ?? throw ProviderException.NotFound(
                "reference-unknown",
                $"There is no branch, tag or commit '{request.Reference}' in {request.Repository}.");
        CheckInputs(request, await WorkflowAsync(request, folder, found.Commit, cancellation));
        var reference = found.Reference ?? $"refs/heads/{await DefaultBranchAsync(folder, cancellation)}";
        return new NewRun(
            request.Repository, request.Workflow, request.Correlation, found.Commit, found.Subject, reference,
            PipelineTrigger.Manual)
        {
            Inputs = request.Inputs,
        };
    }

    private static async Task<string> WorkflowAsync(
        TriggerPipeline request, string folder, string commit, CancellationToken cancellation)
    {
        var workflows = await new CommitFiles(folder, commit).ReadWorkflowsAsync(cancellation);
        if (workflows.TryGetValue($"{CommitFiles.Workflows}/{request.Workflow}", out var text)) return text;
        var there = workflows.Count == 0 ? "none" : string.Join(", ", workflows.Keys.Select(Path.GetFileName));
        throw ProviderException.NotFound("workflow-unknown",
            $"{request.Repository} has no workflow {request.Workflow} at {request.Reference}; there are: {there}.");
    }

    private static bool IsWorkflowName(string name) =>
        Path.GetExtension(name) is ".yml" or ".yaml" && name == Path.GetFileName(name) && name.Length <= 200
            && !name.Any(char.IsControl);

    private static void CheckInputs(TriggerPipeline request, string text)
    {
        if (request.Inputs is not { Count: > 0 } given) return;
        IReadOnlyDictionary<string, InputDefinition> declared;
        try
        {
            declared = WorkflowParser.Parse(request.Workflow, text).Inputs;
        }
        catch (WorkflowException)
        {
            // It becomes a run that fails with the reason.
            return;
        }

        if (given.Keys.FirstOrDefault(k => !declared.ContainsKey(k)) is not { } unknown) return;
        var has = declared.Count == 0 ? "none" : string.Join(", ", declared.Keys);
        throw ProviderException.Invalid("workflow-input-unknown",
            $"{request.Workflow} of {request.Repository} has no input '{unknown}' below on.workflow_dispatch.inputs; "
                + $"it has: {has}.");
    }

    private static async Task<string> DefaultBranchAsync(string folder, CancellationToken cancellation)
    {
        var head = await File.ReadAllTextAsync(Path.Combine(folder, "HEAD"), cancellation);
        return head.Trim().Replace("ref: refs/heads/", "", StringComparison.Ordinal);
    }
}
