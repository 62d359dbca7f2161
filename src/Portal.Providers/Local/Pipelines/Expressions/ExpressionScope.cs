namespace Portal.Providers.Local.Pipelines.Expressions;

/// <summary><see cref="Skipped"/>: a job that is needed did not run; neither success() nor failure().</summary>
internal enum RunningStatus { Success, Failure, Cancelled, Skipped }

/// <summary>What an expression can see.</summary>
/// <param name="Contexts">By name: github, env, needs …; a name that is missing here is an error, not null.</param>
/// <param name="Status">What success(), failure() and cancelled() answer.</param>
/// <param name="HashFiles">What hashFiles answers for patterns; null where there is no workspace.</param>
internal sealed record ExpressionScope(
    IReadOnlyDictionary<string, object?> Contexts, RunningStatus Status =
        RunningStatus.Success, Func<IReadOnlyList<string>, string>? HashFiles = null)
{
    /// <summary>What evaluating may cost.</summary>
    public ExpressionBudget Budget { get; init; } = new();

    public object? Find(string name) => Contexts.TryGetValue(name, out var value)
        ? value
        : throw new ExpressionException(
            $"'{name}' is not known here; known are {string.Join(", ", Contexts.Keys.Order(StringComparer.Ordinal))}");
}
