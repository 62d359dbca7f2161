using System.Collections.Frozen;
using Portal.Templating.Filters;
using Portal.Templating.Rendering;

namespace Portal.Templating.Methods;

/// <summary>JavaScript's methods of arrays that read or make arrays.</summary>
internal static class ArrayMethods
{
    public static FrozenDictionary<string, Method> All { get; } = new Dictionary<string, Method>
    {
        ["at"] = (_, self, args) => self.AsArray[Conversions.ToInteger(args.At(0)) is var index
            && index < 0 ? self.AsArray.Count + index : index],
        ["concat"] = Concat,
        ["every"] =
            (call, self, args) => Value.From(self.AsArray.Items.Index().All(item => Test(call, args, self, item))),
        ["filter"] = (call, self, args) => call.List(
            [.. self.AsArray.Items.Index().Where(item => Test(call, args, self, item)).Select(item => item.Item)]),
        ["find"] = (call, self, args) => Find(call, self, args) is { } index ? self.AsArray[index] : Value.Undefined,
        ["findIndex"] = (call, self, args) => Value.From(Find(call, self, args) ?? -1d),
        ["flat"] = Flat,
        ["forEach"] = ForEach,
        ["includes"] = (_, self, args) => Value.From(Includes(self.AsArray, args)),
        ["indexOf"] = (_, self, args) => Value.From((double)IndexOf(self.AsArray, args)),
        ["join"] = (_, self, args) => Value.From(
            Conversions.Join(self.AsArray, args.At(0).IsUndefined ? "," : args[0].ToString())),
        ["lastIndexOf"] = (_, self, args) => Value.From((double)LastIndexOf(self.AsArray, args)),
        ["map"] = (call, self, args) => call.List(
            [.. self.AsArray.Items.Index().ToList().Select(item => Call(call, args, self, item))]),
        ["reduce"] = Reduce,
        ["slice"] = Slice,
        ["some"] =
            (call, self, args) => Value.From(self.AsArray.Items.Index().Any(item => Test(call, args, self, item))),
        ["toString"] = (_, self, _) => Value.From(self.ToString()),
        ["fill"] = ArrayChanges.Fill,
        ["pop"] = ArrayChanges.Pop,
        ["push"] = ArrayChanges.Push,
        ["reverse"] = ArrayChanges.Reverse,
        ["shift"] = ArrayChanges.Shift,
        ["sort"] = ArrayChanges.Sort,
        ["splice"] = ArrayChanges.Splice,
        ["unshift"] = ArrayChanges.Unshift,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static Value Call(TemplateCall call, Value[] args, Value self, (int Index, Value Item) item) =>
        call.Invoke(args.At(0), item.Item, Value.From((double)item.Index), self);

    private static bool Test(TemplateCall call, Value[] args, Value self, (int Index, Value Item) item) =>
        Call(call, args, self, item).IsTruthy;

    private static int? Find(TemplateCall call, Value self, Value[] args)
    {
        foreach (var item in self.AsArray.Items.Index())
        {
            if (Test(call, args, self, item)) return item.Index;
        }

        return null;
    }

    private static Value ForEach(TemplateCall call, Value self, Value[] args)
    {
        for (var index = 0; index < self.AsArray.Count; index++) Call(call, args, self, (index, self.AsArray[index]));

        return Value.Undefined;
    }

    private static Value Concat(TemplateCall call, Value self, Value[] args)
    {
        var items = new List<Value>(self.AsArray.Items);
        foreach (var argument in args)
        {
            call.Charge(argument.Kind == ValueKind.Array ? argument.AsArray.Count : 1);
            if (argument.Kind == ValueKind.Array) items.AddRange(argument.AsArray.Items);
            else items.Add(argument);
        }

        return call.List(items);
    }

    private static Value Flat(TemplateCall call, Value self, Value[] args)
    {
        var items = new List<Value>();
        Flatten(call, self.AsArray, args.At(0).IsUndefined ? 1 : args[0].ToNumber(), items);
        return call.List(items);
    }

    private static void Flatten(TemplateCall call, ArrayValue source, double depth, List<Value> items)
    {
        call.GuardStack();
        call.Charge(source.Count);
        foreach (var item in source.Items)
        {
            if (item.Kind == ValueKind.Array && depth >= 1) Flatten(call, item.AsArray, depth - 1, items);
            else items.Add(item);
        }
    }

    private static bool Includes(ArrayValue array, Value[] args)
    {
        var isNaN = args.At(0).Kind == ValueKind.Number && double.IsNaN(args[0].AsNumber);
        return IndexOf(array, args) >= 0
            || (isNaN && array.Items.Skip(StringMethods.Relative(args.At(1), array.Count, 0))
                .Any(item => item.Kind == ValueKind.Number && double.IsNaN(item.AsNumber)));
    }

    private static int IndexOf(ArrayValue array, Value[] args)
    {
        for (var index = StringMethods.Relative(args.At(1), array.Count, 0); index < array.Count; index++)
        {
            if (Operators.StrictEquals(array[index], args.At(0))) return index;
        }

        return -1;
    }

    private static int LastIndexOf(ArrayValue array, Value[] args)
    {
        var from = args.Length > 1 ? Conversions.ToInteger(args[1]) : array.Count - 1;
        for (var index = from < 0 ? array.Count + from : Math.Min(from, array.Count - 1); index >= 0; index--)
        {
            if (Operators.StrictEquals(array[index], args.At(0))) return index;
        }

        return -1;
    }

    private static Value Reduce(TemplateCall call, Value self, Value[] args)
    {
        var hasStart = args.Length > 1;
        if (self.AsArray.Count == 0 && !hasStart)
        {
            throw new EvaluationError("'reduce' of an empty list needs a value to start with");
        }

        var result = hasStart ? args[1] : self.AsArray[0];
        for (var index = hasStart ? 0 : 1; index < self.AsArray.Count; index++)
        {
            result = call.Invoke(args.At(0), result, self.AsArray[index], Value.From((double)index), self);
        }

        return result;
    }

    private static Value Slice(TemplateCall call, Value self, Value[] args)
    {
        var count = self.AsArray.Count;
        var start = StringMethods.Relative(args.At(0), count, 0);
        var end = StringMethods.Relative(args.At(1), count, count);
        return call.List([.. self.AsArray.Items.Skip(start).Take(Math.Max(0, end - start))]);
    }
}
