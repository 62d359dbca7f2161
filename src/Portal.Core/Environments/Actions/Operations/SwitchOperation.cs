using Portal.Core.Providers;
using Portal.Core.Runs;

namespace Portal.Core.Environments.Actions.Operations;

/// <summary>Has an environment run, or not. Each of the two undoes the other.</summary>
public abstract class SwitchOperation(ProviderRegistry providers, OperationRecords records)
    : EnvironmentOperation(providers, records)
{
    protected abstract bool On { get; }

    protected override async Task<OperationResult> ChangeAsync(
        EffectContext context, OperationArgs args, CancellationToken cancellation) =>
        OperationResult.Of(await SwitchAsync(On, context, args, cancellation));

    protected override Restore RestoreOf(
        EffectContext context, OperationArgs args, StateBefore before, PortalEnvironment now)
    {
        if (before.Ran == On) return Restore.Not($"The environment {args.Title} was {Name.Past} before, too.");
        if (now.Runs != On)
        {
            return Restore.Not($"The environment {args.Title} is {(On ? "stopped" : "running")} again already.");
        }
        return new Restore(
            $"The environment {args.Title} is {(On ? "stopped" : "started")} again.",
            cancellation => SwitchAsync(!On, context, args, cancellation));
    }

    private async Task<PortalEnvironment> SwitchAsync(
        bool on, EffectContext context, OperationArgs args, CancellationToken cancellation)
    {
        var (host, now) = (Host(args), await NowAsync(args, cancellation));
        var isSo = on
            ? now.Status is EnvironmentStatus.Running or EnvironmentStatus.Unhealthy
            : now.Status == EnvironmentStatus.Stopped;
        if (!isSo) now = await (on ? host.StartAsync(now.Id, cancellation) : host.StopAsync(now.Id, cancellation));
        var past = on ? StartOperation.Words.Past : StopOperation.Words.Past;
        return await Records.FollowAsync(context, args.Environment, now, past, cancellation);
    }
}
