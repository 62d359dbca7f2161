using System.Collections.Concurrent;
using System.Text;
using Portal.Core.Shared;

namespace Portal.Providers.Local.Pipelines.Expressions;

/// <summary>A value of a workflow with where it stands, for messages.</summary>
internal sealed record SourceText(string Text, string File, int Line)
{
    public bool HasExpression => Text.Contains("${{", StringComparison.Ordinal);

    public override string ToString() => Text;
}

/// <summary>Text with <c>${{ }}</c> in it.</summary>
internal static class TextTemplate
{
    /// <summary>Long ones are read again each time: what is kept must not grow with what people write.</summary>
    private const int MaxCached = 2_000, MaxCachedLength = 200;

    private static readonly ConcurrentDictionary<string, Expression> Parsed = new(StringComparer.Ordinal);

    public static string Render(SourceText source, ExpressionScope scope) => Coercion.ToText(Evaluate(source, scope));

    /// <summary>Text that is exactly one expression keeps the expression's type.</summary>
    public static object? Evaluate(SourceText source, ExpressionScope scope)
    {
        var text = source.Text;
        if (!source.HasExpression) return text;
        var parts = Split(source);
        scope = scope with { Budget = new ExpressionBudget() };
        if (parts is [(true, var only)]) return Evaluate(source, only, scope);
        var made = new StringBuilder();
        foreach (var (isExpression, part) in parts)
        {
            var next = isExpression ? Coercion.ToText(Evaluate(source, part, scope)) : part;
            Guard(source, part, () =>
            {
                if (made.Length + next.Length > ExpressionBudget.MaxText)
                {
                    scope.Budget.Make((long)made.Length + next.Length);
                }
                scope.Budget.Make(next.Length);
                return made.Append(next);
            });
        }

        return made.ToString();
    }

    /// <summary>An <c>if</c>: the braces may be left out; without a status function it means success() and.</summary>
    public static bool Condition(SourceText? source, ExpressionScope scope)
    {
        if (source is null || source.Text.Trim().Length == 0) return scope.Status == RunningStatus.Success;
        var parts = source.HasExpression ? Split(source) : [(true, source.Text)];
        var asks = parts.Exists(p => p.IsExpression && Guard(source, p.Text, () => ParseCached(p.Text)).AsksForStatus);
        if (!asks && scope.Status != RunningStatus.Success) return false;
        return Coercion.IsTrue(
            parts is [(true, var only)]
            ? Evaluate(source, only, scope with { Budget = new ExpressionBudget() }) : Evaluate(source, scope));
    }

    /// <summary>
    /// Reads every expression in the text without evaluating it, so that a mistake shows before anything runs.
    /// </summary>
    public static void Check(SourceText? source, bool condition = false)
    {
        if (source is null) return;
        if (condition && !source.HasExpression)
        {
            if (source.Text.Trim().Length > 0) Guard(source, source.Text, () => ParseCached(source.Text));
            return;
        }

        if (!source.HasExpression) return;
        foreach (var (isExpression, part) in Split(source))
        {
            if (isExpression) Guard(source, part, () => ParseCached(part));
        }
    }

    private static object? Evaluate(SourceText source, string expression, ExpressionScope scope) =>
        Guard(source, expression, () => ParseCached(expression).Evaluate(scope));

    private static Expression ParseCached(string text)
    {
        if (text.Length > MaxCachedLength) return ExpressionParser.Parse(text);
        if (Parsed.Count > MaxCached) Parsed.Clear();
        return Parsed.GetOrAdd(text, static t => ExpressionParser.Parse(t));
    }

    private static T Guard<T>(SourceText source, string expression, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (ExpressionException error)
        {
            throw new WorkflowException(
                source.File, source.Line,
                $"the expression '{Words.Short(expression.Trim(), 200)}' is wrong: {error.Message}.");
        }
    }

    private static List<(bool IsExpression, string Text)> Split(SourceText source)
    {
        var parts = new List<(bool, string)>();
        var text = source.Text;
        for (var at = 0; at < text.Length;)
        {
            var open = text.IndexOf("${{", at, StringComparison.Ordinal);
            if (open != at) parts.Add((false, open < 0 ? text[at..] : text[at..open]));
            if (open < 0) break;
            var close = FindClose(text, open + 3);
            if (close < 0)
            {
                throw new WorkflowException(
                    source.File, source.Line,
                    $"'${{{{' is not closed with '}}}}' in '{Words.Short(text.Trim(), 200)}'.");
            }
            parts.Add((true, text[(open + 3)..close]));
            at = close + 2;
        }

        return parts;
    }

    /// <summary>The closing braces, not those inside a text.</summary>
    private static int FindClose(string text, int from)
    {
        var inText = false;
        for (var i = from; i < text.Length - 1; i++)
        {
            if (text[i] == '\'') inText = !inText;
            else if (!inText && text[i] == '}' && text[i + 1] == '}') return i;
        }

        return -1;
    }
}
