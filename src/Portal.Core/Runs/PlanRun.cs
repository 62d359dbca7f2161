using System.Text.Json.Nodes;
using Portal.Core.Providers;
using Portal.Core.Runs.Actions;
using Portal.Core.Runs.Masking;
using Portal.Core.Shared;
using Portal.Core.Shared.Files;

namespace Portal.Core.Runs;

/// <summary>
/// Shows what a run would make, in which order and at what price; touches nothing and needs no credential.
/// </summary>
/// <param name="rights">Null where there is nobody's data to read: tests of templates.</param>
public sealed class PlanRun(StepWalk walk, EffectRights? rights = null)
{
    /// <summary>One expression has its own limit of time; a template has many.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    /// <param name="userEntity">What templates read as <c>user.entity</c>.</param>
    public Task<Result<RunPlan>> PlanAsync(
        RunProposal proposal, Actor actor, CancellationToken cancellation, JsonObject? userEntity = null) => PlanAsync(
        proposal.Spec, proposal.Template?.Tree ?? FileTree.Empty, proposal.Values, proposal.Secrets, actor,
        proposal.Template?.Provenance(proposal.Values),
        cancellation, userEntity);

    /// <param name="tree">What stands beside the template's file.</param>
    /// <param name="values">Complete and valid.</param>
    /// <param name="provenance">Null for what is not a template's, or one that is given with the call.</param>
    public async Task<Result<RunPlan>> PlanAsync(
        RunSpec spec, FileTree tree, JsonObject values, JsonObject? secrets, Actor actor, RunProvenance? provenance,
        CancellationToken cancellation,
        JsonObject? userEntity = null)
    {
        var input = new WalkInput(
            Guid.Empty, spec, values, secrets ?? [], actor, userEntity, tree, provenance, new Workspace(),
            IsPlan: true);
        var redactor = new SecretRedactor(input.Secrets);
        using var host = new PlanningHost(redactor, rights);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Longest);
        try
        {
            var output = await walk.RunAsync(input, host, limit.Token);
            return host.Finish(input, output);
        }
        catch (Exception e) when (e is ActionFailedException or WorkspaceException)
        {
            return Error.Invalid("cannot-plan", redactor.Redact(e.Message));
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            return Error.Invalid(
                "plan-too-long",
                $"Planning took longer than {Longest.TotalSeconds:0} seconds and was ended. Let the template's expressions do less.");
        }
        catch (ProviderException e)
        {
            return e.Error with { Message = redactor.Redact(e.Error.Message) };
        }
    }
}
