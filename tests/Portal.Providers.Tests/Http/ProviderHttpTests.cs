using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net.Http.Headers;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Portal.Core.Providers;
using Portal.Providers.Http;

namespace Portal.Providers.Tests.Http;

/// <summary>Secrets, figures and options.</summary>
public sealed class ProviderHttpTests
{
    private const string Token = "ghp_s3cr3t/token+9";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string> Echoes() =>
        [Token, Uri.EscapeDataString(Token), Convert.ToBase64String(
            System.Text.Encoding.UTF8.GetBytes(Token)), $"Bearer {Token}", "query-s3cret"];

    [Theory]
    [MemberData(nameof(Echoes))]
    public async Task Send_ProviderEchoesASecret_NeitherErrorNorLogHoldsIt(string echo)
    {
        await using var fixture = await ProviderHttpFixture.StartAsync();
        fixture.Server.Status(500).Json(422, $$"""{ "message": "cannot use {{echo}} here" }""");
        var request = ProviderHttpFixture.Request(HttpMethod.Get, "/things?access_token=query-s3cret&page=2");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        var error = await Assert.ThrowsAsync<ProviderException>(
            () => fixture.PassTimeAsync(fixture.Http.SendAsync(request, Cancellation)));
        Assert.Contains("cannot use", error.Message, StringComparison.Ordinal);
        Assert.Contains("/things", error.Message, StringComparison.Ordinal);
        Assert.Contains("is sent again", fixture.Log.Text, StringComparison.Ordinal);
        foreach (var text in (string[])[error.ToString(), fixture.Log.Text])
        {
            Assert.DoesNotContain(echo, text, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(Token, text, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("query-s3cret", text, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public async Task Send_UserAndPasswordEchoed_AreTakenOut()
    {
        await using var fixture = await ProviderHttpFixture.StartAsync();
        fixture.Server.Json(400, """{ "message": "no ada-the-user with pass-w0rd" }""");
        var request = ProviderHttpFixture.Request(HttpMethod.Post);
        request.Headers.Authorization = new AuthenticationHeaderValue(
            "Basic", Convert.ToBase64String("ada-the-user:pass-w0rd"u8));
        var error = await Assert.ThrowsAsync<ProviderException>(() => fixture.Http.SendAsync(request, Cancellation));
        Assert.Contains("no *** with ***", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Send_AnswerThatIsNoJson_IsUnavailableAndNotRepeatedInTheError()
    {
        await using var fixture = await ProviderHttpFixture.StartAsync();
        fixture.Server.Json(200, "<html>s3cret</html>");
        var error =
            await Assert.ThrowsAsync<ProviderException>(() => fixture.Http.SendAsync<Dictionary<string, string>>(
                ProviderHttpFixture.Request(HttpMethod.Post), System.Text.Json.JsonSerializerOptions.Web,
                Cancellation));
        Assert.Equal(("provider-answer-unreadable", true), (error.Error.Code, error.MayHaveHappened));
        Assert.DoesNotContain("s3cret", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Find_NotThere_IsNull()
    {
        await using var fixture = await ProviderHttpFixture.StartAsync();
        fixture.Server.Status(404);
        Assert.Null(await fixture.Http.FindAsync<Dictionary<string, string>>(
            ProviderHttpFixture.Request(HttpMethod.Get), System.Text.Json.JsonSerializerOptions.Web, Cancellation));
    }

    [Fact]
    public async Task Send_Calls_AreCountedByOutcome()
    {
        await using var fixture = await ProviderHttpFixture.StartAsync();
        var measured = new ConcurrentDictionary<string, double>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listening) =>
            {
                if (instrument.Meter.Name == ProviderTelemetry.Name) listening.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Count(instrument, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Count(instrument, value, tags));
        listener.Start();
        fixture.Server.Status(500).Status(429, ("Retry-After", "3")).Status(200).Status(404);
        (await fixture.PassTimeAsync(fixture.SendAsync(HttpMethod.Get))).Dispose();
        await Assert.ThrowsAsync<ProviderException>(() => fixture.SendAsync(HttpMethod.Get));
        Assert.Equal(3, measured["portal.provider.rate_limit.wait "], 0.001);
        Assert.Equal((1, 1, 1, 1), (measured["portal.provider.calls ok"], measured["portal.provider.calls refused"],
            measured["portal.provider.retries failed"], measured["portal.provider.retries limited"]));

        void Count(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var by = tags.ToArray().ToDictionary(t => t.Key, t => t.Value as string);
            if (by["portal.provider"] == fixture.Instance)
            {
                measured.AddOrUpdate(
                    $"{instrument.Name} {by.GetValueOrDefault("outcome")}", value, (_, sum) => sum + value);
            }
        }
    }

    [Fact]
    public void Options_OutOfRange_NameEveryKey()
    {
        var configuration = new ConfigurationManager
        {
            ["Portal:Providers:github:Http:MaxRetries"] = "11",
            ["Portal:Providers:github:Http:AttemptTimeoutSeconds"] = "0",
        };
        var services = new ServiceCollection().AddLogging().AddSingleton<IConfiguration>(configuration);
        services.AddProviderHttp("github", new Uri("http://127.0.0.1:1"));
        services.AddProviderHttp("other", new Uri("http://127.0.0.1:1"));
        using var provider = services.BuildServiceProvider();
        var error = Assert.Throws<OptionsValidationException>(
            () => provider.GetRequiredService<IStartupValidator>().Validate());
        Assert.Contains(
            "Portal:Providers:github:Http:MaxRetries is 11: give 0 to 10", error.Message, StringComparison.Ordinal);
        Assert.Contains(
            "Portal:Providers:github:Http:AttemptTimeoutSeconds is 0: give 1 to 600", error.Message,
            StringComparison.Ordinal);
        Assert.DoesNotContain("other", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Gate_OfAnotherInstance_IsNotClosed()
    {
        await using var limited = await ProviderHttpFixture.StartAsync();
        await using var free = await ProviderHttpFixture.StartAsync();
        limited.Server.Status(429, ("Retry-After", "3600"));
        await Assert.ThrowsAsync<ProviderException>(() => limited.SendAsync(HttpMethod.Get));
        (await free.SendAsync(HttpMethod.Get)).Dispose();
    }
}
