using Portal.Core.Providers;
using Portal.Core.Runs;

namespace Portal.Core.Environments.Actions.Operations;

/// <summary><c>environment:stop</c>.</summary>
public sealed class StopOperation(ProviderRegistry providers, OperationRecords records)
    : SwitchOperation(providers, records)
{
    public static readonly OperationName Words = new("Stop", "stopped");

    public override OperationName Name => Words;

    internal override EnvironmentChange Change => EnvironmentChange.Ended;

    protected override bool On => false;

    internal override string Summary =>
        "Stops an environment: it keeps its data and costs nothing until it is started.";

    public override PlannedEffect Describe(OperationArgs args) => base.Describe(args) with
    {
        Monthly = args.Runs ? -args.Monthly : null, Working = "saved while it is stopped",
        Note = "Nobody reaches it while it is stopped, and it gets no new version. It keeps its data.",
    };
}
