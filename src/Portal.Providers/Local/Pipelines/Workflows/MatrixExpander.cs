using Portal.Providers.Local.Pipelines.Expressions;

namespace Portal.Providers.Local.Pipelines.Workflows;

/// <summary>
/// The combinations of <c>strategy.matrix</c>, with <c>include</c> and <c>exclude</c> by GitHub's rules.
/// </summary>
internal static class MatrixExpander
{
    public const int MaxJobs = 256;

    /// <summary>What may be made before 'exclude' takes away, and of what: their product is the work.</summary>
    private const int MaxCombinations = 1_024, MaxAxes = 20, MaxValues = 5_000;

    /// <param name="file">For messages, with <paramref name="line"/>.</param>
    public static List<ExprObject> Expand(object? matrix, string file, int line)
    {
        if (matrix is not ExprObject map) throw new WorkflowException(file, line, "strategy.matrix must be a mapping.");
        var axes = map.Where(a => !IsSpecial(a.Key)).ToList();
        if (axes.Count > MaxAxes) throw new WorkflowException(file, line, $"the matrix has more than {MaxAxes} names.");
        if (Size(map) > MaxValues)
        {
            throw new WorkflowException(file, line, $"the matrix has more than {MaxValues} values.");
        }
        var made = new List<ExprObject>();
        if (axes.Count > 0)
        {
            made.Add([]);
            foreach (var (name, values) in axes)
            {
                if (values is not ExprArray list)
                {
                    throw new WorkflowException(file, line, $"matrix.{name} must be a list.");
                }
                if ((long)made.Count * list.Count > MaxCombinations)
                {
                    throw new WorkflowException(
                        file, line,
                        $"the matrix makes more than {MaxJobs} jobs: it has more than {MaxCombinations} combinations "
                        + "before 'exclude'.");
                }
                made = [.. made.SelectMany(m => list.Select(v => With(m, name, v)))];
            }
        }

        foreach (var exclude in Items(map, "exclude"))
        {
            made.RemoveAll(m => exclude.All(e => m.TryGetValue(e.Key, out var v) && Same(v, e.Value)));
        }
        // 'include' only ever adds.
        if (made.Count > MaxJobs)
        {
            throw new WorkflowException(file, line, $"the matrix makes more than {MaxJobs} jobs.");
        }
        var axisNames = axes.Select(a => a.Key).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var originals = made.ToList();
        foreach (var include in Items(map, "include"))
        {
            // It extends every combination of the axes that it does not contradict; when there is none, it is a
            // combination of its own.
            var fits = originals.Where(
                m => include.Where(e => axisNames.Contains(e.Key))
                .All(e => Same(m.GetValueOrDefault(e.Key), e.Value))).ToList();
            foreach (var combination in fits)
            {
                foreach (var (name, value) in include) combination[name] = value;
            }

            if (fits.Count == 0) made.Add(Copy(include));
        }

        if (made.Count > MaxJobs)
        {
            throw new WorkflowException(file, line, $"the matrix makes more than {MaxJobs} jobs.");
        }
        return made.Count > 0 ? made : throw new WorkflowException(file, line, "the matrix has no combination.");
    }

    private static bool IsSpecial(string name) => name.ToLowerInvariant() is "include" or "exclude";

    private static IEnumerable<ExprObject> Items(ExprObject map, string name) =>
        (map.GetValueOrDefault(name) as ExprArray)?.OfType<ExprObject>() ?? [];

    private static bool Same(object? left, object? right) =>
        (left, right) switch
        {
            (ExprObject a, ExprObject b) =>
                a.Count == b.Count && a.All(m => b.TryGetValue(m.Key, out var other) && Same(m.Value, other)),
            (ExprArray a, ExprArray b) => a.Count == b.Count && a.Zip(b).All(p => Same(p.First, p.Second)),
            _ => Coercion.AreEqual(left, right),
        };

    private static int Size(object? value) => 1 + value switch
    {
        ExprObject made => made.Values.Sum(Size),
        ExprArray list => list.Sum(Size),
        _ => 0,
    };

    private static ExprObject Copy(ExprObject from)
    {
        var made = new ExprObject();
        foreach (var (name, value) in from) made[name] = value;
        return made;
    }

    private static ExprObject With(ExprObject from, string name, object? value)
    {
        var made = Copy(from);
        made[name] = value;
        return made;
    }
}
