using System.Globalization;
using System.Text;

namespace Portal.TestKit.Azure.Templates;

internal abstract record Expression
{
    public sealed record Text(string Value) : Expression;

    public sealed record Number(long Value) : Expression;

    public sealed record Call(string Function, IReadOnlyList<Expression> Arguments) : Expression;

    /// <summary>Both <c>.name</c> and <c>[index]</c>.</summary>
    public sealed record Part(Expression Of, Expression Name) : Expression;
}

/// <summary>The expressions of ARM templates: <c>[concat('a', parameters('b').c)]</c>.</summary>
internal sealed class ExpressionParser
{
    private readonly string text;
    private int at;

    private ExpressionParser(string text) => this.text = text;

    /// <param name="text">Without its outer brackets.</param>
    public static Expression Parse(string text)
    {
        var parser = new ExpressionParser(text);
        var expression = parser.Read();
        parser.Skip();
        return parser.at == text.Length ? expression : throw parser.Wrong("the expression goes on after its end");
    }

    private Expression Read()
    {
        Skip();
        var expression = Primary();
        while (true)
        {
            Skip();
            if (Take('.')) expression = new Expression.Part(expression, new Expression.Text(Name()));
            else if (Take('['))
            {
                expression = new Expression.Part(expression, Read());
                Expect(']');
            }
            else return expression;
        }
    }

    private Expression Primary()
    {
        if (at < text.Length && text[at] == '\'') return new Expression.Text(Quoted());
        if (at < text.Length && (char.IsAsciiDigit(text[at]) || text[at] == '-')) return Integer();
        var name = Name();
        Expect('(');
        var arguments = new List<Expression>();
        Skip();
        if (Take(')')) return new Expression.Call(name, arguments);
        do arguments.Add(Read());
        while (Take(','));
        Expect(')');
        return new Expression.Call(name, arguments);
    }

    private Expression.Number Integer()
    {
        var start = at++;
        while (at < text.Length && char.IsAsciiDigit(text[at])) at++;
        return new Expression.Number(long.Parse(text[start..at], CultureInfo.InvariantCulture));
    }

    private string Quoted()
    {
        var result = new StringBuilder();
        for (at++; at < text.Length; at++)
        {
            if (text[at] != '\'')
            {
                result.Append(text[at]);
                continue;
            }
            if (at + 1 >= text.Length || text[at + 1] != '\'')
            {
                at++;
                return result.ToString();
            }
            result.Append('\'');
            at++;
        }
        throw Wrong("a text has no end");
    }

    private string Name()
    {
        var start = at;
        while (at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] == '_')) at++;
        return at > start ? text[start..at] : throw Wrong("a name is expected");
    }

    private bool Take(char c)
    {
        Skip();
        if (at >= text.Length || text[at] != c) return false;
        at++;
        return true;
    }

    private void Expect(char c)
    {
        if (!Take(c)) throw Wrong($"'{c}' is expected");
    }

    private void Skip()
    {
        while (at < text.Length && char.IsWhiteSpace(text[at])) at++;
    }

    private TemplateException Wrong(string what) =>
        new($"Unable to parse language expression '{text}': {what} at position {at}.");
}

/// <summary>The template cannot be worked out: InvalidTemplate.</summary>
internal sealed class TemplateException(string message) : Exception(message);
