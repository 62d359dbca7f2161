using System.Diagnostics;

namespace Portal.Providers.Local.Processes;

/// <summary>
/// Where the machine cannot make walls: the user of jobs (if the portal is root), a session, limits and a clean
/// environment, and nothing else. Processes are found by their tag; one that takes it out of its environment stays.
/// Pages say so.
/// </summary>
internal sealed class OpenSandbox(ProcessSandbox owner, SandboxSpec spec) : Sandbox(owner, spec)
{
    public override bool IsAlive => true;

    public override long ResidentBytes => ProcessTable.FindByTag(Spec.Tag).Sum(ProcessTable.ResidentBytes);

    public override Task EndAsync() => ProcessKiller.EndAsync(Spec.Tag, Owner.Grace);

    protected override Process Launch(SandboxCommand command)
    {
        var variables = LaunchChain.Variables(command, Spec.Tag, Spec.Home);
        return Owner.Launch(
            Spec, LaunchChain.WithLastStep(command, variables.Count, Owner.LimitsProcesses), variables, "exec 2>&1", [],
            redirect: true);
    }
}
