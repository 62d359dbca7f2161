using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Portal.Core.Providers;
using Portal.Core.Runs;
using Portal.Core.Shared;
using Portal.Providers.Azure.Federation;
using Portal.TestKit.Azure;

namespace Portal.Providers.Tests.Azure;

public sealed class FederatedCredentialTests : IAsyncLifetime
{
    private const string Subject = "repo:shop/orders:environment:dev";

    private readonly AzureFixture azure = new()
    {
        Settings =
        {
            ["PipelineIdentity"] =
                $"/subscriptions/{AzureWorld.SubscriptionId}/resourceGroups/platform/providers/Microsoft.ManagedIdentity/userAssignedIdentities/deploy-dev"
        },
    };

    private readonly FederatedCredentialArgs args = new(AzureFixture.Instance, "shop/orders", "dev", Subject);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static EffectContext Context =>
        new("id", "mark", new Actor(Portal.Core.Shared.EntityRef.Parse("user:default/ada"), "Ada", []), _ => { });

    private FederatedCredentialEffect Effect =>
        new(new ProviderRegistry(azure.Services.GetServices<IProvider>(), Options.Create(new ProviderDefaults())));

    public async ValueTask InitializeAsync()
    {
        await azure.InitializeAsync();
        azure.World.AddGroup("platform");
        azure.World.AddResource("platform", "Microsoft.ManagedIdentity/userAssignedIdentities", "deploy-dev");
    }

    public async ValueTask DisposeAsync()
    {
        Assert.Empty(azure.World.Violations);
        await azure.DisposeAsync();
    }

    [Theory]
    [InlineData(AzureFault.CutAfter)]
    [InlineData(AzureFault.FailAfter)]
    public async Task Put_AnswerIsLost_IsThereOnceAndUndoTakesItAway(AzureFault fault)
    {
        var before = azure.World.Listing;
        Assert.Null(await Effect.BeforeAsync(Context, args, Cancellation));
        azure.World.Faults.Plan(AzureRoutes.PutFederatedCredential, fault);
        var put = await Effect.PerformAsync(Context, args, Cancellation);
        Assert.Equal((AzureWorld.TenantId, AzureWorld.SubscriptionId), (put.TenantId, put.SubscriptionId));
        Assert.True(Guid.TryParse(put.ClientId, out _));
        Assert.Equal(put, await Effect.PerformAsync(Context, args, Cancellation));
        Assert.Equal([Subject], azure.World.FederatedSubjects);
        Assert.True((await Effect.PreviewUndoAsync(Context, args, put, Cancellation)).IsRemoved);
        await Effect.UndoAsync(Context, args, put, Cancellation);
        await Effect.UndoAsync(Context, args, put, Cancellation);
        Assert.Equal(before, azure.World.Listing);
    }

    [Fact]
    public async Task Undo_WasThereBefore_Stays()
    {
        await Effect.PerformAsync(Context, args, Cancellation);
        var context = Context with { Before = await Effect.BeforeAsync(Context, args, Cancellation) };
        Assert.NotNull(context.Before);
        var put = await Effect.PerformAsync(context, args, Cancellation);
        Assert.False((await Effect.PreviewUndoAsync(context, args, put, Cancellation)).IsRemoved);
        await Effect.UndoAsync(context, args, put, Cancellation);
        Assert.Equal([Subject], azure.World.FederatedSubjects);
    }

    [Fact]
    public async Task Put_NoIdentityIsNamed_SaysWhichSetting()
    {
        await using var services = AzureFixture.Start(azure.World, new Dictionary<string, string?>());
        var effect = new FederatedCredentialEffect(
            new ProviderRegistry(services.GetServices<IProvider>(), Options.Create(new ProviderDefaults())));
        var error = await Assert.ThrowsAsync<ProviderException>(() => effect.PerformAsync(Context, args, Cancellation));
        Assert.Contains("Portal:Providers:azure:PipelineIdentity", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void NameOf_AnySubject_IsWhatAzureTakes()
    {
        var name = FederatedCredentials.NameOf($"repo:{new string('a', 200)}/x:ref:refs/heads/main");
        Assert.Matches("^[A-Za-z0-9_-]{3,120}$", name);
        Assert.NotEqual(FederatedCredentials.NameOf("repo:a/b:x"), FederatedCredentials.NameOf("repo:a/b-x"));
    }
}
