using System.Diagnostics;
using Bunit;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Entities;
using Portal.Core.Shared;
using Portal.TestKit.Postgres;
using Portal.Web.Shared;
using Portal.Web.Tests.Pages;

namespace Portal.Web.Tests.Shared;

/// <summary>People read titles; what a page names costs one query, however much it names.</summary>
public sealed class EntityTitlesTests(PostgresFixture postgres) : PageTest(postgres)
{
    [Fact]
    public async Task Links_ManyAtOnce_ShowTitlesAfterOneQuery()
    {
        await StockAsync();
        SignIn("ada");
        using var counter = Counter.Of(Db().Database.GetDbConnection().Database);

        var page = Render(builder =>
        {
            for (var i = 0; i < 20; i++) Link(builder, $"component:default/s{i}");
            Name(builder, "user:default/grace");
            Name(builder, Actor.System.Ref.ToString());
            Link(builder, "group:default/nameless");
        });

        page.WaitForState(() => page.Markup.Contains("Grace Hopper", StringComparison.Ordinal));
        Assert.Equal(
            [.. Enumerable.Range(0, 20).Select(i => $"Service {i}"), "nameless"],
            page.FindAll("a").Select(a => a.TextContent));
        Assert.Equal("/catalog/component/default/s3", page.FindAll("a")[3].GetAttribute("href"));
        Assert.Contains("Portal", page.Markup, StringComparison.Ordinal);
        Assert.Equal(1, counter.Titles);
    }

    [Fact]
    public async Task Load_Again_AsksOnlyWhenWhatIsKnownIsOld()
    {
        await StockAsync();
        SignIn("ada");
        using var counter = Counter.Of(Db().Database.GetDbConnection().Database);
        var titles = Services.GetRequiredService<EntityTitles>();

        await titles.LoadAsync(["user:default/grace", null, "nonsense:::"], "user");
        await titles.LoadAsync(["user:default/grace"]);
        Assert.Equal(1, counter.Titles);
        Clock.Advance(TimeSpan.FromMinutes(2));
        await using (var db = Db())
        {
            await db.Set<CatalogEntity>().Where(e => e.Name == "grace")
                .ExecuteUpdateAsync(s => s.SetProperty(e => e.Title, "Rear Admiral Hopper"));
        }
        await titles.LoadAsync(["user:default/grace"]);

        Assert.Equal(2, counter.Titles);
        Assert.Equal("Rear Admiral Hopper", titles.Of("user:default/grace"));
    }

    private static void Link(RenderTreeBuilder builder, string of)
    {
        builder.OpenComponent<EntityLink>(0);
        builder.AddComponentParameter(1, nameof(EntityLink.Of), of);
        builder.CloseComponent();
    }

    private static void Name(RenderTreeBuilder builder, string of)
    {
        builder.OpenComponent<EntityName>(0);
        builder.AddComponentParameter(1, nameof(EntityName.Of), of);
        builder.CloseComponent();
    }

    private Task StockAsync() => AddAsync([
        .. Enumerable.Range(0, 20).Select(i => Entity("Component", $"s{i}", $"Service {i}")),
        Entity("User", "grace", "Grace Hopper"), Entity("Group", "nameless", null)]);

    private static CatalogEntity Entity(string kind, string name, string? title) => new()
    {
        Key = new EntityRef(kind, "default", name).Key, Kind = kind, Namespace = "default", Name = name, Title = title,
        Descriptor = "{}", Location = "url:x", CreatedAt = Now, UpdatedAt = Now,
    };

    /// <summary>Of queries for titles in one database: others are asked at the same time.</summary>
    private sealed class Counter(string database)
        : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>, IDisposable
    {
        private readonly List<IDisposable> subscriptions = [];
        private int titles;

        public int Titles => titles;

        public static Counter Of(string database)
        {
            var counter = new Counter(database);
            counter.subscriptions.Add(DiagnosticListener.AllListeners.Subscribe(counter));
            return counter;
        }

        public void OnNext(DiagnosticListener value)
        {
            if (value.Name == DbLoggerCategory.Name) subscriptions.Add(value.Subscribe(this));
        }

        public void OnNext(KeyValuePair<string, object?> value)
        {
            if (value.Value is CommandExecutedEventData { Command: { } command }
                && command.Connection?.Database == database
                && command.CommandText.Contains("title <> ''", StringComparison.Ordinal))
            {
                Interlocked.Increment(ref titles);
            }
        }

        public void Dispose() => subscriptions.ForEach(s => s.Dispose());

        public void OnCompleted()
        {
        }

        public void OnError(Exception error)
        {
        }
    }
}
