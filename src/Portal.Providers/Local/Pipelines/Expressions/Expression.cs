namespace Portal.Providers.Local.Pipelines.Expressions;

/// <summary>A parsed expression.</summary>
internal abstract record Expression
{
    public abstract object? Evaluate(ExpressionScope scope);

    /// <summary>Whether success(), failure(), always() or cancelled() occurs in it: if not, an <c>if</c> means "success() and".</summary>
    public virtual bool AsksForStatus => false;

    internal sealed record Literal(object? Value) : Expression
    {
        public override object? Evaluate(ExpressionScope scope) => Value;
    }

    internal sealed record Context(string Name) : Expression
    {
        public override object? Evaluate(ExpressionScope scope) => scope.Find(Name);
    }

    internal sealed record Index(Expression Of, Expression By) : Expression
    {
        public override bool AsksForStatus => Of.AsksForStatus || By.AsksForStatus;

        public override object? Evaluate(ExpressionScope scope) => Get(Of.Evaluate(scope), By.Evaluate(scope));

        private static object? Get(object? of, object? by)
        {
            switch (of)
            {
                case ExprObject made:
                    return made.GetValueOrDefault(Coercion.ToText(by));
                case ExprArray { Filtered: true } list when by is string:
                    var picked = new ExprArray(filtered: true);
                    picked.AddRange(list.OfType<ExprObject>().Where(o => o.ContainsKey((string)by)).Select(o => o[(string)by]));
                    return picked;
                case ExprArray list:
                    var number = Coercion.ToNumber(by);
                    return number >= 0 && number < list.Count ? list[(int)number] : null;
                default:
                    return null;
            }
        }
    }

    internal sealed record Every(Expression Of) : Expression
    {
        public override bool AsksForStatus => Of.AsksForStatus;

        public override object? Evaluate(ExpressionScope scope)
        {
            var all = new ExprArray(filtered: true);
            all.AddRange(Of.Evaluate(scope) switch
            {
                ExprObject made => made.Values,
                ExprArray list => list,
                _ => [],
            });
            return all;
        }
    }

    internal sealed record Not(Expression Of) : Expression
    {
        public override bool AsksForStatus => Of.AsksForStatus;

        public override object? Evaluate(ExpressionScope scope) => !Coercion.IsTrue(Of.Evaluate(scope));
    }

    internal sealed record Binary(string Operator, Expression Left, Expression Right) : Expression
    {
        public override bool AsksForStatus => Left.AsksForStatus || Right.AsksForStatus;

        public override object? Evaluate(ExpressionScope scope)
        {
            var left = Left.Evaluate(scope);
            return Operator switch
            {
                "&&" => Coercion.IsTrue(left) ? Right.Evaluate(scope) : left,
                "||" => Coercion.IsTrue(left) ? left : Right.Evaluate(scope),
                "==" => Coercion.AreEqual(left, Right.Evaluate(scope)),
                "!=" => !Coercion.AreEqual(left, Right.Evaluate(scope)),
                "<" => Coercion.Compare(left, Right.Evaluate(scope)) < 0,
                "<=" => Coercion.Compare(left, Right.Evaluate(scope)) <= 0,
                ">" => Coercion.Compare(left, Right.Evaluate(scope)) > 0,
                _ => Coercion.Compare(left, Right.Evaluate(scope)) >= 0,
            };
        }
    }

    internal sealed record Call(string Name, IReadOnlyList<Expression> Arguments) : Expression
    {
        public override bool AsksForStatus => Functions.IsStatus(Name) || Arguments.Any(a => a.AsksForStatus);

        public override object? Evaluate(ExpressionScope scope) => Functions.Invoke(Name, Arguments, scope);
    }
}
