using FsCheck;
using FsCheck.Fluent;
using Portal.TestKit.Postgres;

namespace Portal.Core.Tests.Runs.Properties;

/// <summary>
/// Random stories of crash, cancel, retry, undo, trouble and lost token over runs of one to four steps. A failure
/// prints the shortest story that was found, and the seed: give it as <c>PORTAL_PROPERTY_SEED</c> ("seed,gamma") to see
/// it again; <c>PORTAL_PROPERTY_CASES</c> asks for more stories.
/// </summary>
public sealed class RunPropertyTests(PostgresFixture postgres)
{
    private const int Cases = 120;

    [Fact]
    public async Task AnyStory_OfOneRun_KeepsTheLaws()
    {
        await using var teller = await StoryTeller.CreateAsync(postgres);
        // FsCheck calls synchronously; it has a thread of its own to wait on.
        await Task.Factory.StartNew(
            () => Check.One(
                Settings(),
                Prop.ForAll(Stories.Arbitrary, story => { teller.TellAsync(story).GetAwaiter().GetResult(); })),
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    private static Config Settings()
    {
        var settings = Config.QuickThrowOnFailure.WithMaxTest(
            int.TryParse(Environment.GetEnvironmentVariable("PORTAL_PROPERTY_CASES"), out var cases) ? cases : Cases);
        if (Environment.GetEnvironmentVariable("PORTAL_PROPERTY_SEED") is not { Length: > 0 } seed) return settings;
        var parts = seed.Trim('(', ')').Split(',');
        return settings.WithReplay(ulong.Parse(parts[0]), ulong.Parse(parts[1]));
    }
}
