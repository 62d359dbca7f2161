using Portal.Templating.Rendering;

namespace Portal.Templating.Filters;

/// <summary>Filters that work on lists and objects.</summary>
internal static class ListFilters
{
    public static IEnumerable<KeyValuePair<string, TemplateFunction>> All { get; } =
        new Dictionary<string, TemplateFunction>
        {
            ["batch"] = Batch,
            ["dictsort"] = DictSort,
            ["first"] = (_, args) => Arguments.Member(args.At(0), Value.From(0d), "first"),
            ["last"] = (_, args) => Last(args.At(0)),
            ["groupby"] = GroupBy,
            ["join"] = Join,
            ["list"] = List,
            ["random"] = (call, args) => Random(call, args.At(0)),
            ["reject"] = (call, args) => Select(call, args, expected: false),
            ["select"] = (call, args) => Select(call, args, expected: true),
            ["rejectattr"] = (call, args) => SelectAttribute(call, args, expected: false),
            ["selectattr"] = (call, args) => SelectAttribute(call, args, expected: true),
            ["reverse"] = Reverse,
            ["slice"] = Slice,
            ["sort"] = Sort,
            ["sum"] = Sum,
        };

    private static Value Last(Value value)
    {
        var length = Arguments.Member(value, Value.From("length"), "last").ToNumber();
        return Arguments.Member(value, Value.From(length - 1), "last");
    }

    private static Value Random(TemplateCall call, Value value)
    {
        var length = Arguments.Member(value, Value.From("length"), "random").ToNumber();
        return Arguments.Member(value, Value.From(Math.Floor(call.Random.NextDouble() * length)), "random");
    }

    private static Value Batch(TemplateCall call, Value[] args)
    {
        var items = args.At(0).ItemsOf("batch");
        var size = args.At(1).ToNumber();
        var fill = args.At(2);
        var result = new List<Value>();
        var row = new List<Value>();
        for (var index = 0; index < items.Count; index++)
        {
            if (index % size == 0 && row.Count > 0)
            {
                result.Add(call.List(row));
                row = [];
            }

            row.Add(items[index]);
        }

        if (row.Count > 0)
        {
            if (fill.IsTruthy)
            {
                call.Charge(size - row.Count);
                while (row.Count < size) row.Add(fill);
            }

            result.Add(call.List(row));
        }

        return call.List(result);
    }

    private static Value Slice(TemplateCall call, Value[] args)
    {
        var source = args.At(0);
        var slices = args.At(1).ToNumber();
        var items = source.ItemsOf("slice");
        var fill = args.At(2);
        if (slices > 0 && source.Kind is not (ValueKind.Array or ValueKind.String))
        {
            throw new EvaluationError($"'slice' needs a list, not {Conversions.Describe(source)}");
        }

        call.Charge(slices);
        var size = Math.Floor(items.Count / slices);
        var extra = items.Count % slices;
        var result = new List<Value>();
        var offset = 0;
        for (var index = 0; index < slices; index++)
        {
            var start = Math.Min(items.Count, offset + (int)(index * size));
            offset += index < extra ? 1 : 0;
            var end = Math.Min(items.Count, offset + (int)((index + 1) * size));
            if (source.Kind == ValueKind.String)
            {
                result.Add(fill.IsTruthy && index >= extra
                    ? throw new EvaluationError("'slice' can fill up lists only, not strings")
                    : Value.From(source.AsString[start..end]));
                continue;
            }

            var slice = items[start..end];
            if (fill.IsTruthy && index >= extra) slice.Add(fill);

            result.Add(call.List(slice));
        }

        return call.List(result);
    }

    private static Value DictSort(TemplateCall call, Value[] args)
    {
        if (args.At(0).AsPlainObject() is not { } value)
        {
            throw new EvaluationError($"'dictsort' needs an object, not {Conversions.Describe(args.At(0))}");
        }

        var part = args.At(2) switch
        {
            { IsUndefined: true } => 0,
            { Kind: ValueKind.String, AsString: "key" } => 0,
            { Kind: ValueKind.String, AsString: "value" } => 1,
            _ => throw new EvaluationError("'dictsort' sorts by 'key' or by 'value'"),
        };
        var caseSensitive = args.At(1).IsTruthy;
        var pairs = value.Keys.Select(key => new ArrayValue([Value.From(key), value[key]])).ToList();
        StableSort.Sort(pairs, (left, right) =>
        {
            var first = Fold(left[part], caseSensitive, Casing.Upper);
            var second = Fold(right[part], caseSensitive, Casing.Upper);
            return Operators.Compare(">", first, second) ? 1 : Operators.StrictEquals(first, second) ? 0 : -1;
        });
        return call.List([.. pairs.Select(Value.From)]);
    }

    private static Value Sort(TemplateCall call, Value[] args)
    {
        var ordered = MacroArguments.Order(args, "value", "reverse", "case_sensitive", "attribute");
        var items = ordered[0].IsNullish ? [] : ordered[0].ItemsOf("sort");
        var isReversed = ordered[1].IsTruthy;
        var caseSensitive = ordered[2].IsTruthy;
        var attribute = ordered[3];
        call.Charge(items.Count);
        // JavaScript leaves undefined items at the end, whatever the order.
        var present = items.Where(item => !item.IsUndefined).ToList();
        var absent = items.Count - present.Count;
        StableSort.Sort(present, (left, right) =>
        {
            var first = Fold(
                attribute.IsTruthy ? Attribute(left, attribute) : left, caseSensitive, Casing.Lower, both: right,
                attribute);
            var second = Fold(
                attribute.IsTruthy ? Attribute(right, attribute) : right, caseSensitive, Casing.Lower, both: left,
                attribute);
            var order = Operators.Compare("<", first, second) ? -1 : Operators.Compare(">", first, second) ? 1 : 0;
            return isReversed ? -order : order;
        });
        return call.List([.. present, .. Enumerable.Repeat(Value.Undefined, absent)]);
    }

    private static Value Fold(Value value, bool caseSensitive, Func<string, string> fold) =>
        !caseSensitive && value.Kind == ValueKind.String ? Value.From(fold(value.AsString)) : value;

    // 'sort' ignores case only where both sides are strings.
    private static Value Fold(Value value, bool caseSensitive, Func<string, string> fold, Value both, Value attribute)
    {
        var other = attribute.IsTruthy ? Attribute(both, attribute) : both;
        return other.Kind == ValueKind.String ? Fold(value, caseSensitive, fold) : value;
    }

    /// <summary>A dotted path of own properties; undefined where it ends early.</summary>
    private static Value Attribute(Value item, Value attribute)
    {
        var parts = attribute.Kind == ValueKind.String ? attribute.AsString.Split('.') : [attribute.ToString()];
        foreach (var part in parts)
        {
            if (item.IsNullish)
            {
                throw new EvaluationError(
                    $"the attribute '{attribute}' cannot be read of an item that is {Conversions.Describe(item)}");
            }

            item = Methods.Members.Own(item, part);
            if (item.IsUndefined) return item;
        }

        return item;
    }

    private static Value GroupBy(TemplateCall call, Value[] args)
    {
        var groups = new Dictionary<string, List<Value>>(StringComparer.Ordinal);
        var result = new ObjectValue();
        var items = args.At(0).ItemsOf("groupby");
        call.Charge(items.Count);
        foreach (var item in items)
        {
            var by = args.At(1);
            var key = by.Kind == ValueKind.Callable ? call.Invoke(by, item) : by.IsTruthy ? Attribute(item, by) : item;
            var name = key.ToString();
            if (!groups.TryGetValue(name, out var group))
            {
                groups[name] = group = [];
                result.Set(name, Value.From(new ArrayValue(group)));
            }

            group.Add(item);
        }

        return Value.From(result);
    }

    private static Value Join(TemplateCall call, Value[] args)
    {
        var attribute = args.At(2);
        var source = args.At(0);
        var array = attribute.IsTruthy
            ? new ArrayValue([.. (source.IsNullish ? [] : source.ItemsOf("join")).Select(
                item => Arguments.Member(item, attribute, "join"))])
            : source.NeedArray("join");
        return Value.From(Conversions.Join(array, args.At(1).IsTruthy ? args.At(1).ToString() : ""));
    }

    private static Value List(TemplateCall call, Value[] args)
    {
        var value = args.At(0);
        switch (value.Kind)
        {
            case ValueKind.String:
                call.Charge(value.AsString.Length);
                return Value.From(new ArrayValue(Arguments.Characters(value.AsString)));
            case ValueKind.Array:
                return value;
            default:
                if (value.AsPlainObject() is { } source)
                {
                    return call.List([.. source.Keys.Select(key =>
                        Value.From(new ObjectValue().Set("key", Value.From(key)).Set("value", source[key])))]);
                }

                throw new EvaluationError(
                    $"'list' needs a string, a list or an object, not {Conversions.Describe(value)}");
        }
    }

    private static Value Select(TemplateCall call, Value[] args, bool expected)
    {
        var name = args.At(1).IsUndefined ? "truthy" : args.At(1).ToString();
        if (!call.Engine.Tests.TryGetValue(name, out var test))
        {
            throw new EvaluationError($"unknown test '{name}'", NearestName.Find(name, call.Engine.Tests.Keys));
        }

        var items = args.At(0).ItemsOf(expected ? "select" : "reject");
        call.Charge(items.Count);
        return call.List(
            [.. items.Where(item => call.Invoke(Value.FromCallable(test), item, args.At(2)).IsTruthy == expected)]);
    }

    private static Value SelectAttribute(TemplateCall call, Value[] args, bool expected)
    {
        var filter = expected ? "selectattr" : "rejectattr";
        return call.List([.. args.At(0).NeedArray(filter).Items
            .Where(item => Arguments.Member(item, args.At(1), filter).IsTruthy == expected)]);
    }

    private static Value Reverse(TemplateCall call, Value[] args)
    {
        var value = args.At(0);
        if (value.Kind == ValueKind.String)
        {
            var units = value.AsString.ToCharArray();
            Array.Reverse(units);
            return Value.From(new string(units));
        }

        var items = value.IsNullish ? [] : value.ItemsOf("reverse");
        items.Reverse();
        return call.List(items);
    }

    private static Value Sum(TemplateCall call, Value[] args)
    {
        var attribute = args.At(1);
        var items = attribute.IsTruthy
            ? (args.At(0).IsNullish ? [] : args.At(0).ItemsOf("sum")).Select(
                item => Arguments.Member(item, attribute, "sum"))
            : args.At(0).NeedArray("sum").Items;
        var total = Value.From(0d);
        foreach (var item in items)
        {
            total = Operators.Add(total, item);
            call.ChargeText(total.Kind == ValueKind.String ? total.AsString.Length : 0);
        }

        return Operators.Add(args.At(2).IsUndefined ? Value.From(0d) : args.At(2), total);
    }
}
