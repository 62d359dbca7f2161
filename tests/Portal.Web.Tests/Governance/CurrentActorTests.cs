using System.Security.Claims;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Portal.Core.Access;
using Portal.Core.Entities;
using Portal.Core.Shared;
using Portal.TestKit.Postgres;
using Portal.Web.Governance;
using Portal.Web.Tests.Pages;

namespace Portal.Web.Tests.Governance;

/// <summary>Who asks is bound in one place: of a request once, of a page that stays open again and again.</summary>
public sealed class CurrentActorTests(PostgresFixture postgres) : PageTest(postgres)
{
    private readonly Signed states = new();

    private CurrentActor Current => new(states, Services.GetRequiredService<People>());

    [Fact]
    public async Task Page_BeforeTheFirstLook_IsNobodys()
    {
        var current = Current;

        Assert.Same(Actor.Nobody, current.Known);
        Assert.Equal("user:default/ada", (await current.GetAsync()).Ref.ToString());
        Assert.Equal("user:default/ada", current.Known.Ref.ToString());
    }

    [Fact]
    public async Task Page_WhosePersonIsSignedOut_IsNobodysAtOnce()
    {
        var current = Current;
        await current.GetAsync();

        states.User = new ClaimsPrincipal(new ClaimsIdentity());

        Assert.Same(Actor.Nobody, await current.GetAsync());
        Assert.Same(Actor.Nobody, current.Known);
    }

    [Fact]
    public async Task Page_WhosePersonIsTakenOutOfAGroup_IsOutAfterSeconds()
    {
        var current = Current;
        Assert.Single((await current.GetAsync()).Groups);
        await using (var db = Db()) await db.Set<CatalogRelation>().Where(r => r.Source == "user:default/ada")
            .ExecuteDeleteAsync();

        Clock.Advance(TimeSpan.FromSeconds(10));

        Assert.Empty((await current.GetAsync()).Groups);
    }

    /// <summary>A click counts for the person as they are now, not as they were when the page was opened.</summary>
    [Fact]
    public async Task Circuit_BeforeEachEvent_LooksAgain()
    {
        var current = Current;
        using var sessions = new OpenSessions(
            Services.GetRequiredService<Sessions>(), Services.GetRequiredService<AccessNews>(),
            NullLogger<OpenSessions>.Instance);
        var heard = new List<Actor>();
        var activity = new SessionCircuit(sessions, states, current).CreateInboundActivityHandler(_ =>
        {
            heard.Add(current.Known);
            return Task.CompletedTask;
        });

        await activity(null!);
        states.User = new ClaimsPrincipal(new ClaimsIdentity());
        await activity(null!);

        Assert.Equal(["user:default/ada", "nobody:default/nobody"], heard.Select(a => a.Ref.ToString()));
    }

    [Fact]
    public async Task Request_AskedTwice_IsLookedUpOnceAndKnowsItsToken()
    {
        var token = Guid.NewGuid();
        var context = new DefaultHttpContext
        {
            RequestServices = Services,
            User = new ClaimsPrincipal(new ClaimsIdentity(
                [new Claim(PersonClaims.Subject, "user:default/ada"), new Claim(PersonClaims.Token, token.ToString())],
                "Token")),
        };

        var caller = await Caller.BindAsync(context, null!);

        Assert.Equal(("user:default/ada", token), (caller.Actor.Ref.ToString(), caller.Token!.Value));
        Assert.Same(caller, await Caller.BindAsync(context, null!));
    }

    [Fact]
    public async Task Request_OfNobody_IsNotThePortals()
    {
        var caller = await Caller.BindAsync(new DefaultHttpContext { RequestServices = Services }, null!);

        Assert.Same(Actor.Nobody, caller.Actor);
    }

    private sealed class Signed : AuthenticationStateProvider
    {
        public ClaimsPrincipal User { get; set; } =
            new(new ClaimsIdentity([new Claim(PersonClaims.Subject, "user:default/ada")], "Cookies"));

        public override Task<AuthenticationState> GetAuthenticationStateAsync() =>
            Task.FromResult(new AuthenticationState(User));
    }
}
