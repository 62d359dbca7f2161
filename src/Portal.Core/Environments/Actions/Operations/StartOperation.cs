using Portal.Core.Providers;
using Portal.Core.Runs;

namespace Portal.Core.Environments.Actions.Operations;

/// <summary><c>environment:start</c>.</summary>
public sealed class StartOperation(ProviderRegistry providers, OperationRecords records)
    : SwitchOperation(providers, records)
{
    public static readonly OperationName Words = new("Start", "started");

    public override OperationName Name => Words;

    internal override EnvironmentChange Change => EnvironmentChange.Changed;

    protected override bool On => true;

    internal override string Summary => "Starts an environment that is stopped or has failed.";

    public override PlannedEffect Describe(OperationArgs args) => base.Describe(args) with
    {
        Monthly = args.Runs ? null : args.Monthly, Working = "while it runs",
    };
}
