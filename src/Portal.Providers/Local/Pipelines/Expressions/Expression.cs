namespace Portal.Providers.Local.Pipelines.Expressions;

/// <summary>A parsed expression.</summary>
internal abstract record Expression
{
    public object? Evaluate(ExpressionScope scope)
    {
        scope.Budget.Step();
        return Get(scope);
    }

    protected abstract object? Get(ExpressionScope scope);

    /// <summary>
    /// Whether success(), failure(), always() or cancelled() occurs in it: if not, an <c>if</c> means "success() and".
    /// </summary>
    public virtual bool AsksForStatus => false;

    internal sealed record Literal(object? Value) : Expression
    {
        protected override object? Get(ExpressionScope scope) => Value;
    }

    internal sealed record Context(string Name) : Expression
    {
        protected override object? Get(ExpressionScope scope) => scope.Find(Name);
    }

    internal sealed record Index(Expression Of, Expression By) : Expression
    {
        public override bool AsksForStatus => Of.AsksForStatus || By.AsksForStatus;

        protected override object? Get(ExpressionScope scope) =>
            Member(Of.Evaluate(scope), By.Evaluate(scope), scope.Budget);

        private static object? Member(object? of, object? by, ExpressionBudget budget)
        {
            if (by is string name) budget.Look(name.Length);
            switch (of)
            {
                case ExprObject made:
                    return made.GetValueOrDefault(Coercion.ToText(by));
                case ExprArray { Filtered: true } list when by is string:
                    budget.Hold(list.Count);
                    var picked = new ExprArray(filtered: true);
                    picked.AddRange(
                        list.OfType<ExprObject>().Where(o => o.ContainsKey((string)by)).Select(o => o[(string)by]));
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

        protected override object? Get(ExpressionScope scope)
        {
            var all = new ExprArray(filtered: true);
            IReadOnlyCollection<object?> items = Of.Evaluate(scope) switch
            {
                ExprObject made => made.Values,
                ExprArray list => list,
                _ => [],
            };
            scope.Budget.Hold(items.Count);
            all.AddRange(items);
            return all;
        }
    }

    internal sealed record Not(Expression Of) : Expression
    {
        public override bool AsksForStatus => Of.AsksForStatus;

        protected override object? Get(ExpressionScope scope) => !Coercion.IsTrue(Of.Evaluate(scope));
    }

    internal sealed record Binary(string Operator, Expression Left, Expression Right) : Expression
    {
        public override bool AsksForStatus => Left.AsksForStatus || Right.AsksForStatus;

        protected override object? Get(ExpressionScope scope)
        {
            var left = Left.Evaluate(scope);
            if (Operator is "&&" or "||")
            {
                return Coercion.IsTrue(left) == (Operator == "&&") ? Right.Evaluate(scope) : left;
            }
            var right = Right.Evaluate(scope);
            if (left is string a && right is string b) scope.Budget.Look(Math.Min(a.Length, b.Length));
            return Operator switch
            {
                "==" => Coercion.AreEqual(left, right),
                "!=" => !Coercion.AreEqual(left, right),
                "<" => Coercion.Compare(left, right) < 0,
                "<=" => Coercion.Compare(left, right) <= 0,
                ">" => Coercion.Compare(left, right) > 0,
                _ => Coercion.Compare(left, right) >= 0,
            };
        }
    }

    internal sealed record Call(string Name, IReadOnlyList<Expression> Arguments) : Expression
    {
        public override bool AsksForStatus => Functions.IsStatus(Name) || Arguments.Any(a => a.AsksForStatus);

        protected override object? Get(ExpressionScope scope) => Functions.Invoke(Name, Arguments, scope);
    }
}
