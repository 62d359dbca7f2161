using FsCheck;
using FsCheck.Fluent;
using Portal.Core.Runs.Execution;

namespace Portal.Core.Tests.Runs.Properties;

/// <summary>Stories at random, and shorter ones to show what a failure needs.</summary>
internal static class Stories
{
    private static readonly Gen<int> Place = Gen.Choose(1, 4);
    private static readonly Gen<bool> Either = Gen.Elements(true, false);

    private static readonly Gen<Happening> Any = Gen.Frequency(
        (6, Place.SelectMany(
            at => Gen.Elements(Enum.GetValues<JournalBoundary>()).Select(b => (Happening)new Happening.Death(b, at)))),
        (4, Place.SelectMany(
            at => Either.SelectMany(t => Either.Select(a => (Happening)new Happening.Failure(t, a, at))))),
        (2, Place.SelectMany(at => Either.Select(a => (Happening)new Happening.CancelInside(a, at)))),
        (2, Place.SelectMany(at => Either.Select(a => (Happening)new Happening.Robbery(a, at)))),
        (1, Place.SelectMany(at => Either.Select(a => (Happening)new Happening.UndoFailure(a, at)))),
        (1, Gen.Constant((Happening)new Happening.Attempt())),
        (5, Gen.Elements(Wish.Cancel, Wish.Retry, Wish.Retry, Wish.Undo, Wish.Undo)
            .Select(w => (Happening)new Happening.Ask(w))));

    public static Arbitrary<Story> Arbitrary { get; } = Arb.From(
        Gen.Choose(1, 4).SelectMany(steps => Gen.Choose(2, 8)
            .SelectMany(length => Any.ListOf(length).Select(all => new Story(steps, [.. all])))), Shorter);

    private static IEnumerable<Story> Shorter(Story story)
    {
        for (var i = 0; i < story.Happenings.Count; i++) yield return story with
        {
            Happenings = [.. story.Happenings.Where((_, at) => at != i)]
        };
        if (story.Steps > 1) yield return story with { Steps = story.Steps - 1 };
    }
}
