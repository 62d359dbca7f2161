using System.Net;
using System.Text;
using Octokit;
using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.Providers.GitHub.Api;
using Portal.Providers.GitHub.Repositories;
using Portal.Providers.Http;

namespace Portal.Providers.GitHub.Pipelines;

/// <summary>Starts a workflow by hand, and finds the run that came of it.</summary>
internal sealed class RunStart(
    GitHubApi client, GitHubRepositories repositories, Correlations correlations, TimeProvider time) : IDisposable
{
    private const string UnknownKey = "github-unknown-key";

    /// <summary>How long a run may take to show up.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim[] turns = [.. Enumerable.Range(0, 64).Select(_ => new SemaphoreSlim(1))];

    /// <summary>Older Enterprise Servers do not tell the run, and refuse to be asked.</summary>
    private volatile bool tellsRun = true;

    public async Task<RunBody> StartAsync(TriggerPipeline request, CancellationToken cancellation)
    {
        if (!WorkflowFile.IsName(request.Workflow))
        {
            throw ProviderException.Invalid(
                "workflow-name-invalid",
                $"'{request.Workflow}' is no workflow: give the name of a file below .github/workflows, e.g. ci.yml.");
        }
        var turn = turns[(uint)StringComparer.Ordinal.GetHashCode(request.Correlation) % (uint)turns.Length];
        await turn.WaitAsync(cancellation);
        try
        {
            return await InTurnAsync(request, cancellation);
        }
        finally
        {
            turn.Release();
        }
    }

    public void Dispose() => Array.ForEach(turns, t => t.Dispose());

    private async Task<RunBody> InTurnAsync(TriggerPipeline request, CancellationToken cancellation)
    {
        var workflow = await WorkflowAsync(request, cancellation);
        CheckInputs(request, workflow);
        if (await correlations.FindAsync(request.Repository, request.Correlation, cancellation) is { } before)
        {
            return before;
        }
        var branch = GitNames.IsSha(request.Reference) ? await BranchOfAsync(request, cancellation) : request.Reference;
        var inputs = new Dictionary<string, string>(
            request.Inputs ?? new Dictionary<string, string>(), StringComparer.Ordinal);
        if (workflow.TakesCorrelation) inputs[TriggerPipeline.CorrelationInput] = request.Correlation;
        var answer = await DispatchAsync(request, branch, inputs, cancellation);
        if (answer.Body is null)
        {
            return await SearchAsync(
                request, branch, workflow.TakesCorrelation,
                (answer.HttpResponse.Date() ?? time.GetUtcNow()).AddSeconds(-5), cancellation);
        }
        var run = answer.Body.WorkflowRunId;
        correlations.Remember(request.Repository, request.Correlation, run);
        return await WaitAsync(request, () => client.FindRunAsync(request.Repository, run, cancellation), cancellation);
    }

    private async Task<IApiResponse<DispatchedRun>> DispatchAsync(
        TriggerPipeline request, string branch, Dictionary<string, string> inputs, CancellationToken cancellation)
    {
        try
        {
            return await client.DispatchAsync(
                request.Repository, request.Workflow, new NewDispatch(branch, inputs, tellsRun ? true : null),
                r => Refusal(request, r), cancellation);
        }
        catch (ProviderException refused) when (refused.Error.Code == UnknownKey && tellsRun)
        {
            tellsRun = false;
            return await client.DispatchAsync(
                request.Repository, request.Workflow, new NewDispatch(branch, inputs, null), r => Refusal(request, r),
                cancellation);
        }
    }

    private async Task<RunBody> SearchAsync(
        TriggerPipeline request, string branch, bool isMarked, DateTimeOffset since, CancellationToken cancellation)
    {
        var found = await WaitAsync(
            request,
            () => isMarked
            ? correlations.FindAsync(request.Repository, request.Correlation, cancellation)
            : NewestAsync(request, branch, since, cancellation),
            cancellation);
        correlations.Remember(request.Repository, request.Correlation, found.Id);
        return found;
    }

    /// <summary>Without a mark: the newest run of the workflow that was started by hand since.</summary>
    private async Task<RunBody?> NewestAsync(
        TriggerPipeline request, string branch, DateTimeOffset since, CancellationToken cancellation)
    {
        await foreach (var run
            in client.RunsAsync(request.Repository, request.Workflow, "workflow_dispatch", 20, cancellation))
        {
            if (run.CreatedAt < since) break;
            if (run.HeadBranch == branch) return run;
        }
        return null;
    }

    private async Task<RunBody> WaitAsync(
        TriggerPipeline request, Func<Task<RunBody?>> find, CancellationToken cancellation)
    {
        var start = time.GetTimestamp();
        while (true)
        {
            if (await find() is { } run) return run;
            if (time.GetElapsedTime(start) > Patience) throw ProviderException.Transient("pipeline-run-not-seen",
                $"GitHub took the order to start {request.Workflow} of {request.Repository}, but shows no run of it "
                    + "yet. Look at the repository's Actions before you start it again.", mayHaveHappened: true);
            await Task.Delay(Pause, time, cancellation);
        }
    }

    private async Task<WorkflowFile> WorkflowAsync(TriggerPipeline request, CancellationToken cancellation)
    {
        if (await repositories.ReadFileAsync(
            request.Repository, request.Reference, $".github/workflows/{request.Workflow}", cancellation) is { } bytes)
        {
            return WorkflowFile.Parse(Encoding.UTF8.GetString(bytes));
        }
        if (await client.FindRepositoryAsync(request.Repository, cancellation) is null)
        {
            throw ProviderException.NotFound(
                "repository-not-found", $"There is no repository {request.Repository} that {client.Instance} may see.");
        }
        if ((await repositories.CommitsAsync(request.Repository, request.Reference, 1, cancellation)).Count == 0)
        {
            throw ProviderException.NotFound(
                "reference-not-found", $"{request.Repository} has no branch, tag or commit '{request.Reference}'.");
        }
        throw ProviderException.NotFound(
            "workflow-unknown",
            $"{request.Repository} has no workflow .github/workflows/{request.Workflow} at {request.Reference}.");
    }

    private static void CheckInputs(TriggerPipeline request, WorkflowFile workflow)
    {
        if (workflow.Inputs is not { } declared || request.Inputs is not { Count: > 0 } given) return;
        if (given.Keys.FirstOrDefault(k => !declared.Contains(k, StringComparer.OrdinalIgnoreCase)) is { } unknown)
        {
            throw ProviderException.Invalid("workflow-input-unknown",
                $"{request.Workflow} of {request.Repository} has no input '{unknown}' below "
                    + "on.workflow_dispatch.inputs; it has: "
                        + $"{(declared.Count == 0 ? "none" : string.Join(", ", declared))}.");
        }
    }

    /// <summary>GitHub starts workflows on branches and tags only.</summary>
    private async Task<string> BranchOfAsync(TriggerPipeline request, CancellationToken cancellation)
    {
        if (await client.FindRepositoryAsync(request.Repository, cancellation) is { DefaultBranch: var main }
            && await client.FindBranchAsync(request.Repository, main, cancellation) == request.Reference) return main;
        await foreach (var branch in client.BranchesAsync(request.Repository, cancellation))
        {
            if (branch.Commit.Sha == request.Reference) return branch.Name;
        }
        throw ProviderException.Invalid("reference-no-branch",
            $"GitHub starts workflows on branches and tags only, and no branch of {request.Repository} stands at "
                + $"{request.Reference}: name one.");
    }

    private static Error? Refusal(TriggerPipeline request, ProviderRefusal refusal)
    {
        var said = GitHubSaid.Read(refusal.Body);
        return refusal.Status switch
        {
            HttpStatusCode.UnprocessableEntity or HttpStatusCode.BadRequest when said.Has("return_run_details") =>
                Error.Invalid(UnknownKey, said.Text),
            HttpStatusCode.UnprocessableEntity when said.Has("workflow_dispatch") =>
                Error.Invalid("workflow-not-manual",
                    $"{request.Workflow} of {request.Repository} cannot be started by hand: add workflow_dispatch "
                        + "below on: in it."),
            HttpStatusCode.UnprocessableEntity when said.Has("No ref found") => Error.NotFound(
                "reference-not-found", $"{request.Repository} has no branch or tag '{request.Reference}'."),
            HttpStatusCode.UnprocessableEntity when said.Has("disabled") => Error.Conflict(
                "workflow-disabled",
                $"{request.Workflow} of {request.Repository} is disabled: enable it under Actions on GitHub."),
            HttpStatusCode.NotFound => Error.NotFound("workflow-unknown",
                $"GitHub knows no workflow {request.Workflow} in {request.Repository}: its file has to be on the "
                    + "default branch to be started by hand."),
            _ => null,
        };
    }
}
