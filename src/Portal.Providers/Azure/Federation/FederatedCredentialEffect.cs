using System.Text.Json.Nodes;
using Portal.Core.Access;
using Portal.Core.Providers;
using Portal.Core.Runs;
using Portal.Core.Shared;

namespace Portal.Providers.Azure.Federation;

/// <param name="Repository">As GitHub names it, <c>organisation/name</c>.</param>
/// <param name="RepositoryProvider">The instance that has it; empty when none has.</param>
public sealed record FederatedCredentialArgs(
    string Provider, string Repository, string EnvironmentType, string Subject, string RepositoryProvider = "");

public sealed record FederatedCredentialPut(string ClientId, string TenantId, string SubscriptionId);

/// <summary>
/// Lets a repository's pipelines sign in to Azure. Idempotent; undoing leaves one that was there before.
/// </summary>
public sealed class FederatedCredentialEffect(
    ProviderRegistry providers) : IEffect<FederatedCredentialArgs, FederatedCredentialPut>
{
    public string Kind => "azure.federated-credential";

    public int Version => 1;

    public EffectClass Class => EffectClass.Put;

    public TimeSpan Deadline => TimeSpan.FromMinutes(2);

    public PlannedEffect Describe(FederatedCredentialArgs args) =>
        new("Allow", "sign-in to Azure", $"{args.EnvironmentType} for {args.Repository}", args.Provider);

    /// <summary>
    /// Whoever may deploy what the repository holds may let its pipelines do it. A subject that is not the repository's
    /// own lets in pipelines of which the portal knows nothing.
    /// </summary>
    public IReadOnlyList<NeededRight> Needs(FederatedCredentialArgs args)
    {
        if (!RepositoryName.TryParse(args.Repository, out var repository)
            || !args.Subject.StartsWith($"repo:{repository}:", StringComparison.OrdinalIgnoreCase))
        {
            return [new RightEverywhere(Permissions.Administer)];
        }
        return
        [
            new RightOnRepository(
                args.RepositoryProvider, repository.Value, Permissions.RepositoryPush, OfAbsentToo: true),
            new RightOnRepository(
                args.RepositoryProvider, repository.Value, Permissions.EnvironmentChange, OfAbsentToo: true),
        ];
    }

    public JsonObject PlanOutputs(FederatedCredentialArgs args) => new()
    {
        ["clientId"] = UnknownValue.Of("the managed identity's client id"),
        ["tenantId"] = UnknownValue.Of("the tenant"), ["subscriptionId"] = UnknownValue.Of("the subscription"),
    };

    public Task<FederatedCredentialPut?> FindAsync(
        EffectContext context, FederatedCredentialArgs args,
        CancellationToken cancellation) => Task.FromResult<FederatedCredentialPut?>(null);

    public async Task<string?> BeforeAsync(
        EffectContext context, FederatedCredentialArgs args, CancellationToken cancellation) =>
        (await Credentials(args).FindAsync(args.EnvironmentType, args.Subject, cancellation))?.ToJsonString();

    public async Task<FederatedCredentialPut> PerformAsync(
        EffectContext context, FederatedCredentialArgs args, CancellationToken cancellation)
    {
        var identity = await Credentials(args).PutAsync(args.EnvironmentType, args.Subject, cancellation);
        context.Log($"Pipelines of {args.Repository} sign in to Azure as {identity.ClientId} ({args.Subject}).");
        return new FederatedCredentialPut(identity.ClientId, identity.TenantId, identity.SubscriptionId);
    }

    public async Task<UndoPreview> PreviewUndoAsync(
        EffectContext context, FederatedCredentialArgs args, FederatedCredentialPut? result,
        CancellationToken cancellation)
    {
        if (context.Before is not null)
        {
            return UndoPreview.Stays(
                $"The sign-in of {args.Repository} to Azure ({args.EnvironmentType}) stays: it was there before.");
        }
        return await Credentials(args).FindAsync(args.EnvironmentType, args.Subject, cancellation) is null
            ? UndoPreview.Stays($"The sign-in of {args.Repository} to Azure ({args.EnvironmentType}) is gone already.")
            : UndoPreview.Goes(
                $"Pipelines of {args.Repository} can no longer sign in to Azure for {args.EnvironmentType}.");
    }

    public Task UndoAsync(
        EffectContext context, FederatedCredentialArgs args, FederatedCredentialPut? result,
        CancellationToken cancellation) =>
        context.Before is null
            ? Credentials(args).DeleteAsync(args.EnvironmentType, args.Subject, cancellation) : Task.CompletedTask;

    private FederatedCredentials Credentials(FederatedCredentialArgs args) =>
        providers.Get<FederatedCredentials>(args.Provider);
}
