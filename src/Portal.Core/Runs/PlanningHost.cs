using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Portal.Core.GoldenPaths.Actions.Fetch;
using Portal.Core.Providers;
using Portal.Core.Runs.Actions;
using Portal.Core.Runs.Masking;
using Portal.Core.Shared;
using Portal.Core.Shared.Files;

namespace Portal.Core.Runs;

/// <summary>Remembers what a walk would do.</summary>
/// <param name="redactor">A plan is kept by nobody, and shown on pages and in logs of scripts.</param>
/// <param name="rights">Null where there is nobody's data to read.</param>
internal sealed class PlanningHost(SecretRedactor redactor, EffectRights? rights) : IPlanHost, IDisposable
{
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly List<PlannedStep> steps = [];
    private readonly List<PlannedChange> changes = [];
    private readonly List<PlanLogLine> log = [];

    /// <summary>What the run would have made so far, for actions that read it.</summary>
    public Dictionary<RepositoryName, FileTree> Repositories { get; } = [];

    public FinishedStep? Finished(StepSpec step) => null;

    public Task StepStartedAsync(StepSpec step, CancellationToken cancellation) => Task.CompletedTask;

    public Task StepEndedAsync(
        StepSpec step, StepStatus status, JsonNode? output, string? note, CancellationToken cancellation)
    {
        if (status is StepStatus.Completed) Add(step, PlannedStatus.WillRun, null);
        else if (status is StepStatus.Skipped) Add(step, PlannedStatus.Skipped, note);
        return Task.CompletedTask;
    }

    public void Planned(StepSpec step, PlannedStatus status, string note)
    {
        Add(step, status, note);
        Log(step, status == PlannedStatus.UnknownAction ? note : $"{step.Name}: {note}", RunEventType.Warning);
    }

    public ActionContext CreateContext(WalkInput input, StepSpec step, int iteration, JsonObject actionInput) =>
        new PlanningContext(this, step)
        {
            Input = actionInput, Workspace = input.Workspace, Template = input.Template, RunId = input.RunId,
            Actor = input.Actor,
            Provenance = input.Provenance, IsPlan = true, Secrets = Secrets,
        };

    public void Log(StepSpec? step, string message, RunEventType level) =>
        log.Add(new PlanLogLine(step?.Id, level, redactor.Redact(message)));

    public RunSecrets Secrets { get; } = new(redactor, mustFit: false);

    public async Task DemandAsync(IEnumerable<NeededRight> needs, Actor actor, CancellationToken cancellation)
    {
        if (rights is not null && await rights.RefusedAsync(needs, Guid.Empty, actor, cancellation) is { } refused)
        {
            throw new ActionFailedException(refused.Message);
        }
    }

    public void Change(
        StepSpec step, PlannedEffect effect, JsonObject input, string kind, JsonNode? arguments,
        IReadOnlyList<NameClaim>? claims = null)
    {
        var certain = !steps.Any(s => s.Id == step.Id && s.Status == PlannedStatus.DecidedAtRun);
        var name = input["name"] is JsonValue value ? value.ToString() : null;
        var shown = effect with
        {
            Name = redactor.Redact(effect.Name),
            Working = effect.Working is null ? null : redactor.Redact(effect.Working),
            Note = effect.Note is null ? null : redactor.Redact(effect.Note),
        };
        changes.Add(
            new PlannedChange(step.Id, step.Action, shown, certain, name is null ? null : redactor.Redact(name))
            {
                Claims = [.. (claims ?? []).Select(Shown)],
            });
        Hash($"{step.Id}\0{kind}\0{effect.Provider}\0{arguments?.ToJsonString(Json.Options)}\n");
    }

    public RunPlan Finish(WalkInput input, RunOutput output)
    {
        var tree = input.Workspace.Tree;
        Hash($"{tree.Hash}\n");
        foreach (var (name, made) in Repositories) Hash($"{name}\0{made.Hash}\n");
        var monthly = changes.Where(c => c is { IsCertain: true, Monthly: not null }).Select(c => c.Monthly!.Value)
            .GroupBy(m => m.Currency, StringComparer.Ordinal).Select(g => g.Aggregate((a, b) => a + b)).ToList();
        return new RunPlan(
            Shown(tree), [.. Repositories.Select(r => new PlannedRepository(r.Key, Shown(r.Value)))], steps, changes,
            monthly, Shown(output), log,
            Convert.ToHexStringLower(hash.GetCurrentHash()));
    }

    public void Dispose() => hash.Dispose();

    private void Add(StepSpec step, PlannedStatus status, string? note) => steps.Add(
        new PlannedStep(step.Id, step.Name, step.Action, status, note is null ? null : redactor.Redact(note)));

    /// <summary>As the review shows it: what is made holds what was typed.</summary>
    private FileTree Shown(FileTree tree)
    {
        if (Secrets.IsNone) return tree;
        var shown = new Dictionary<string, TreeFile>(StringComparer.Ordinal);
        foreach (var file in tree.Files)
        {
            var text = BinaryFiles.IsBinary(file.Content.Span) ? null : Encoding.UTF8.GetString(file.Content.Span);
            var clean = text is null ? null : redactor.Redact(text);
            var path = redactor.Redact(file.Path);
            shown.TryAdd(
                path,
                file with { Path = path, Content = clean == text ? file.Content : Encoding.UTF8.GetBytes(clean!) });
        }
        return new FileTree(shown.Values);
    }

    /// <summary>A name may be made of a secret, and what is said of it is shown and kept.</summary>
    private NameClaim Shown(NameClaim claim) => claim with
    {
        Name = redactor.Redact(claim.Name),
        LookAsync = async token =>
        {
            var look = await claim.LookAsync(token);
            return new NameLook([.. look.New.Select(redactor.Redact)], look.Taken is not { Error: var error } taken
                ? null
                : taken with { Error = error with { Message = redactor.Redact(error.Message) } });
        },
    };

    private RunOutput Shown(RunOutput output) =>
        JsonSerializer.Deserialize<RunOutput>(
            redactor.RedactJson(JsonSerializer.Serialize(output, Json.Options))!, Json.Options)!;

    private void Hash(string text) => hash.AppendData(Encoding.UTF8.GetBytes(text));
}

/// <summary>The context of an action in a plan: effects are described, never done.</summary>
internal sealed class PlanningContext(PlanningHost host, StepSpec step) : ActionContext
{
    public Dictionary<RepositoryName, FileTree> Repositories => host.Repositories;

    public override void Log(string message, RunEventType level = RunEventType.Log) => host.Log(step, message, level);

    /// <summary>A change that is certain to come and whose details only the run will know.</summary>
    public void Announce(PlannedEffect effect, string kind) => host.Change(step, effect, Input, kind, null);

    public override Task<Applied<TResult>> ApplyAsync<TArgs, TResult>(
        IEffect<TArgs, TResult> effect, string provider, string name, TArgs args, CancellationToken cancellation)
    {
        host.Change(
            step, effect.Describe(args), Input, effect.Kind, JsonSerializer.SerializeToNode(args, Json.Options),
            effect.Claims(args, Actor));
        return Task.FromResult(new Applied<TResult>(null, effect.PlanOutputs(args)));
    }

    public override Task DemandAsync(IEnumerable<NeededRight> needs, CancellationToken cancellation) =>
        host.DemandAsync(needs, Actor, cancellation);

    public override Task<RunSignal?> AwaitAsync(WaitRequest request, CancellationToken cancellation)
    {
        host.Change(
            step, new PlannedEffect("Wait for", Word(request.Kind), request.Title, "portal"), Input, "run.wait",
            JsonSerializer.SerializeToNode(request, Json.Options));
        return Task.FromResult<RunSignal?>(null);
    }

    private static string Word(
        WaitKind kind) => kind switch { WaitKind.Approval => "approval", WaitKind.Event => "event", _ => "time" };
}
