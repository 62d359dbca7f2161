namespace Portal.Providers.Local.Pipelines.Expressions;

/// <summary>
/// What evaluating one text of a workflow may cost, and all texts of a run together: a few lines that call themselves
/// double what they make with each line.
/// </summary>
internal sealed class ExpressionBudget
{
    /// <summary>Characters of one value.</summary>
    public const int MaxText = 1_000_000;

    /// <summary>Characters that evaluating one text makes on its way.</summary>
    public const int MaxMade = 4_000_000;

    /// <summary>Characters that the expressions of a run make, over all its jobs and steps.</summary>
    public const int MaxMadeOfRun = 32_000_000;

    /// <summary>
    /// Steps of evaluating one text: parts of expressions, members of lists, and each 64 characters that are looked at.
    /// </summary>
    public const int MaxSteps = 1_000_000;

    public const int MaxStepsOfRun = 100_000_000;

    /// <summary>What a value costs that is no text, in characters.</summary>
    private const int ValueSize = 32;

    private static readonly AsyncLocal<Total?> Run = new();

    private readonly Total? total = Run.Value;
    private long made, steps;

    /// <summary>Begins to count for a run: what is evaluated from here on belongs to it.</summary>
    public static void BeginRun() => Run.Value = new Total();

    public void Step(long count = 1)
    {
        steps += count;
        if (steps > MaxSteps) throw new ExpressionException($"it takes more than {MaxSteps} steps");
        if (total?.Step(count) > MaxStepsOfRun)
        {
            throw new ExpressionException($"the expressions of this run take more than {MaxStepsOfRun} steps together");
        }
    }

    /// <summary>Before characters are looked at.</summary>
    public void Look(long characters) => Step(1 + characters / 64);

    /// <summary>Before a text of that length is made.</summary>
    public void Make(long characters)
    {
        if (characters > MaxText) throw new ExpressionException($"it makes a text of more than {MaxText} characters");
        made += characters;
        if (made > MaxMade) throw new ExpressionException($"it makes more than {MaxMade} characters on its way");
        if (total?.Make(characters) > MaxMadeOfRun)
        {
            throw new ExpressionException(
                $"the expressions of this run make more than {MaxMadeOfRun} characters together");
        }
        Look(characters);
    }

    /// <summary>Before values are put into a list or an object.</summary>
    public void Hold(long values) => Make(Math.Min(values, MaxText) * ValueSize);

    private sealed class Total
    {
        private long made, steps;

        public long Make(long characters) => Interlocked.Add(ref made, characters);

        public long Step(long count) => Interlocked.Add(ref steps, count);
    }
}
