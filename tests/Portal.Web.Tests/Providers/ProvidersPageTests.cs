using Bunit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Inbound;
using Portal.Core.Providers;
using Portal.Core.Providers.Checks;
using Portal.TestKit.Fakes;
using Portal.TestKit.Postgres;
using Portal.Web.Providers;
using Portal.Web.Tests.Pages;

namespace Portal.Web.Tests.Providers;

public sealed class ProvidersPageTests : PageTest
{
    public ProvidersPageTests(PostgresFixture postgres)
        : base(postgres)
    {
        Services.AddSingleton<IProvider>(new FakeReceiver()).AddSingleton<IProvider>(new Checked());
        Services.AddProviderPages();
    }

    [Fact]
    public async Task Show_Instances_TellsWhatEachOffersAndItsWebhooks()
    {
        await AddAsync(
            Delivery("one", d => d.Fail("forge does not answer.", null)), Delivery("two", d => d.Handle(Now)));

        var page = Open("ada");

        Says(page, "Repositories, Pipelines, Environments, Adoption");
        Says(page, "not made yet");
        Says(page, "http://127.0.0.1:5080/webhooks/forge");
        Says(page, "1 failed");
        Says(page, "forge does not answer.");
        Assert.False(HasButton(page, "Try again"));
    }

    [Fact]
    public void Show_InstanceThatCannotBeUsed_SaysWhatToChange()
    {
        Services.GetRequiredService<ProviderChecks>().Found(
            "forge", new ProviderCheck("Signed in as the app portal", ["Give the app the permission Contents: write."]),
            Now);

        var page = Open("ada");

        Says(page, "Give the app the permission Contents: write.");
        Says(page, "Signed in as the app portal");
    }

    [Fact]
    public async Task TryAgain_ByThePlatformTeam_TakesTheDeliveryOutOfTheList()
    {
        await AddAsync(Delivery("one", d => d.Fail("forge does not answer.", null)));
        var page = Open("pat");

        await OnAsync(page, () => Button(page, "Try again"), e => e.ClickAsync());

        page.WaitForState(() => !HasButton(page, "Try again"));
        await using var db = Db();
        Assert.Equal(DeliveryStatus.Received, (await db.Set<StoredDelivery>().SingleAsync()).Status);
    }

    private IRenderedComponent<ProvidersPage> Open(string person)
    {
        SignIn(person);
        return Render<ProvidersPage>();
    }

    private static StoredDelivery Delivery(string id, Action<StoredDelivery> then)
    {
        var row = new StoredDelivery
        {
            Provider = "forge", DeliveryId = id, Event = "push", Payload = "{}", ReceivedAt = Now
        };
        then(row);
        return row;
    }

    private sealed class Checked : IProviderCheck
    {
        public string Instance => "forge";

        public string Type => "Fake";

        public Task<ProviderCheck> CheckAsync(CancellationToken cancellation) =>
            Task.FromResult(new ProviderCheck("", []));
    }
}
