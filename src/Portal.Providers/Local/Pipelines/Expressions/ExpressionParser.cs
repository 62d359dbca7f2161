using System.Globalization;
using System.Text;

namespace Portal.Providers.Local.Pipelines.Expressions;

/// <summary>Recursive descent over the text between <c>${{</c> and <c>}}</c>.</summary>
internal sealed class ExpressionParser
{
    private const int MaxDepth = 50;

    /// <summary>GitHub's own limit.</summary>
    private const int MaxLength = 21_000;

    /// <summary>A long chain is as deep as it is long when it is evaluated.</summary>
    private const int MaxParts = 1_000;

    private static readonly string[][] Levels = [["||"], ["&&"], ["==", "!="], ["<=", ">=", "<", ">"]];

    private readonly string text;
    private int at;
    private int depth;
    private int parts;

    private ExpressionParser(string text) => this.text = text;

    public static Expression Parse(string text)
    {
        if (text.Length > MaxLength)
        {
            throw new ExpressionException($"the expression is longer than {MaxLength} characters");
        }
        var parser = new ExpressionParser(text);
        var made = parser.ParseLevel(0);
        parser.SkipBlanks();
        return parser.at == text.Length ? made : throw parser.Unexpected();
    }

    private Expression ParseLevel(int level)
    {
        if (level == Levels.Length) return ParseUnary();
        var left = ParseLevel(level + 1);
        while (true)
        {
            SkipBlanks();
            var found = Array.Find(Levels[level], o => string.CompareOrdinal(text, at, o, 0, o.Length) == 0);
            if (found is null) return left;
            at += found.Length;
            CountPart();
            left = new Expression.Binary(found, left, ParseLevel(level + 1));
        }
    }

    private Expression ParseUnary()
    {
        if (++depth > MaxDepth) throw new ExpressionException($"the expression is nested more than {MaxDepth} deep");
        SkipBlanks();
        Expression made;
        if (Next('!')) made = new Expression.Not(ParseUnary());
        else made = ParseMembers(ParsePrimary());
        depth--;
        return made;
    }

    private Expression ParseMembers(Expression of)
    {
        while (true)
        {
            SkipBlanks();
            if (Next('.'))
            {
                CountPart();
                SkipBlanks();
                of = Next('*')
                    ? new Expression.Every(of) : new Expression.Index(of, new Expression.Literal(ReadName()));
            }
            else if (Next('['))
            {
                CountPart();
                SkipBlanks();
                of = Next('*') ? new Expression.Every(of) : new Expression.Index(of, ParseLevel(0));
                Expect(']');
            }
            else
            {
                return of;
            }
        }
    }

    private Expression ParsePrimary()
    {
        if (at == text.Length) throw new ExpressionException("the expression ends too early");
        CountPart();
        if (Next('('))
        {
            var inner = ParseLevel(0);
            Expect(')');
            return inner;
        }

        if (text[at] == '\'') return new Expression.Literal(ReadText());
        if (char.IsAsciiDigit(text[at]) || text[at] is '-' or '+' or '.') return new Expression.Literal(ReadNumber());
        var name = ReadName();
        SkipBlanks();
        if (Next('(')) return ParseCall(name);
        return name switch
        {
            "true" => new Expression.Literal(true),
            "false" => new Expression.Literal(false),
            "null" => new Expression.Literal(null),
            "NaN" => new Expression.Literal(double.NaN),
            "Infinity" => new Expression.Literal(double.PositiveInfinity),
            _ => new Expression.Context(name),
        };
    }

    private Expression.Call ParseCall(string name)
    {
        var arguments = new List<Expression>();
        SkipBlanks();
        if (!Next(')'))
        {
            do
            {
                arguments.Add(ParseLevel(0));
                SkipBlanks();
            }
            while (Next(','));
            Expect(')');
        }

        Functions.Check(name, arguments.Count);
        return new Expression.Call(name, arguments);
    }

    private void CountPart()
    {
        if (++parts > MaxParts) throw new ExpressionException($"the expression has more than {MaxParts} parts");
    }

    private string ReadName()
    {
        var start = at;
        while (at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] is '_' or '-')) at++;
        return at > start && !char.IsAsciiDigit(text[start]) ? text[start..at] : throw Unexpected();
    }

    private string ReadText()
    {
        var made = new StringBuilder();
        for (at++; at < text.Length; at++)
        {
            if (text[at] != '\'')
            {
                made.Append(text[at]);
            }
            else if (at + 1 < text.Length && text[at + 1] == '\'')
            {
                made.Append('\'');
                at++;
            }
            else
            {
                at++;
                return made.ToString();
            }
        }

        throw new ExpressionException("a text is not closed with '");
    }

    private double ReadNumber()
    {
        var start = at;
        while (at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] is '.' or '-' or '+')) at++;
        var number = Coercion.ToNumber(text[start..at]);
        return double.IsNaN(number)
            ? throw new ExpressionException(string.Create(
                CultureInfo.InvariantCulture, $"'{text[start..at]}' is not a number"))
            : number;
    }

    private void SkipBlanks()
    {
        while (at < text.Length && char.IsWhiteSpace(text[at])) at++;
    }

    private bool Next(char wanted)
    {
        if (at >= text.Length || text[at] != wanted || (wanted == '!' && at + 1 < text.Length && text[at + 1] == '='))
        {
            return false;
        }
        at++;
        return true;
    }

    private void Expect(char wanted)
    {
        SkipBlanks();
        if (!Next(wanted))
        {
            throw at == text.Length ? new ExpressionException($"a '{wanted}' is missing at the end") : Unexpected();
        }
    }

    private ExpressionException Unexpected() => at >= text.Length
        ? new ExpressionException("the expression ends too early")
        : new ExpressionException(
            text[at] == '"'
            ? "texts are written in single quotes: '…'" : $"'{text[at]}' is not expected at position {at + 1}");
}
