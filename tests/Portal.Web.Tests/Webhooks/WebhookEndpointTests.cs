using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Providers;
using Portal.TestKit;
using Portal.TestKit.Fakes;
using Portal.TestKit.Postgres;
using Portal.Web.Hosting;
using Portal.Web.Tests.Hosting;
using Portal.Web.Webhooks;

namespace Portal.Web.Tests.Webhooks;

/// <summary>Over HTTP, at a portal in Production with its scheduler.</summary>
public sealed class WebhookEndpointTests(WebhookPortal portal) : IClassFixture<WebhookPortal>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Post_SignedDelivery_IsAcceptedAndWorkedOffSoonAfter()
    {
        Assert.Equal(HttpStatusCode.Accepted, (await PostAsync("forge", "one")).Status);

        // The sweep would come by itself only later.
        await Eventually.TrueAsync(
            () => Task.FromResult(portal.Receiver.Handled.Contains("one")), "the delivery to be handled",
            TimeSpan.FromSeconds(8));
    }

    [Fact]
    public async Task Post_TheSameAgain_IsOkAndHandledOnce()
    {
        await PostAsync("forge", "twice");
        await Eventually.TrueAsync(
            () => Task.FromResult(portal.Receiver.Handled.Contains("twice")), "the delivery to be handled");

        Assert.Equal((HttpStatusCode.OK, "already received\n"), await PostAsync("forge", "twice"));
        await PostAsync("forge", "later");
        await Eventually.TrueAsync(
            () => Task.FromResult(portal.Receiver.Handled.Contains("later")), "the next delivery to be handled");
        Assert.Single(portal.Receiver.Handled, "twice");
    }

    [Theory]
    [InlineData("forge", "id", "wrong", HttpStatusCode.Unauthorized)]
    [InlineData("elsewhere", "id", "right", HttpStatusCode.NotFound)]
    [InlineData("forge", "", "right", HttpStatusCode.BadRequest)]
    public async Task Post_WhatCannotBeTaken_HearsTheStatusAlone(
        string instance, string id, string signature, HttpStatusCode status)
    {
        var (answered, text) = await PostAsync(instance, id, signature);

        Assert.Equal(status, answered);
        Assert.DoesNotContain("sign", text, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Post_BodyAboveTheLimit_Is413() =>
        Assert.Equal(
            HttpStatusCode.RequestEntityTooLarge,
            (await PostAsync("forge", "big", body: new string('x', WebhookBodies.Largest + 1))).Status);

    [Fact]
    public async Task Post_BodyAtTheLimit_IsAccepted() =>
        Assert.Equal(
            HttpStatusCode.Accepted,
            (await PostAsync("forge", "large", body: new string('x', WebhookBodies.Largest))).Status);

    [Fact]
    public async Task Post_ToAnotherHostName_IsMisdirected() =>
        Assert.Equal(
            HttpStatusCode.MisdirectedRequest, (await PostAsync("forge", "elsewhere", host: "evil.example")).Status);

    private async Task<(HttpStatusCode Status, string Text)> PostAsync(
        string instance, string id, string signature = "right", string body = "payload",
        string host = WebhookPortal.Host)
    {
        using var client = new HttpClient { BaseAddress = portal.Address };
        using var request = new HttpRequestMessage(
            HttpMethod.Post, $"/webhooks/{instance}") { Content = new StringContent(body) };
        request.Headers.Host = host;
        // As a client does that may be refused: it waits for the word to go on.
        request.Headers.ExpectContinue = body.Length > WebhookBodies.Largest;
        request.Headers.TryAddWithoutValidation("X-Signature", signature);
        if (id.Length > 0) request.Headers.TryAddWithoutValidation("X-Id", id);
        using var answer = await client.SendAsync(request, Cancellation);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(Cancellation));
    }
}

/// <summary>A portal in Production, with a provider <c>forge</c> that takes webhooks.</summary>
public sealed class WebhookPortal : IAsyncLifetime
{
    public const string Host = "portal.example";

    private readonly PostgresFixture postgres = new();
    private readonly KeysReplicas keys = new();
    private readonly string data = Directory.CreateTempSubdirectory("portal-webhooks-").FullName;
    private TestDatabase database = null!;
    private WebApplication app = null!;

    public FakeReceiver Receiver { get; } = new();

    public Uri Address =>
        new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    public async ValueTask InitializeAsync()
    {
        database = await postgres.CreateDatabaseAsync();
        string[] settings =
        [
            $"--Portal:Data={data}", "--Portal:Port=0", $"--Portal:PublicUrl=https://{Host}",
            $"--ConnectionStrings:Portal={database.ConnectionString}", "--environment=Production",
            "--applicationName=Portal.Web", "--Portal:Providers:local:Enabled=false",
            "--Logging:LogLevel:Default=Critical", $"--contentRoot={RepositoryRoot.Path}",
            $"--Portal:Templates:Root={RepositoryRoot.Path}", .. keys.Certificate("webhooks", "pem"),
        ];
        app = await PortalApplication.BuildAsync(
            settings, services => services.AddSingleton<IProvider>(Receiver), CancellationToken.None);
        await app.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
        await keys.DisposeAsync();
        await database.DisposeAsync();
        await postgres.DisposeAsync();
        Directory.Delete(data, recursive: true);
    }
}
