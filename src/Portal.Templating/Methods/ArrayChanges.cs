using Portal.Templating.Filters;
using Portal.Templating.Rendering;

namespace Portal.Templating.Methods;

/// <summary>JavaScript's methods that change an array: only those that the template made itself.</summary>
internal static class ArrayChanges
{
    public static Value Push(TemplateCall call, Value self, Value[] args)
    {
        var items = self.AsArray.Writable("push");
        call.Charge(args.Length);
        items.AddRange(args);
        return Value.From((double)items.Count);
    }

    public static Value Unshift(TemplateCall call, Value self, Value[] args)
    {
        var items = self.AsArray.Writable("unshift");
        call.Charge(args.Length);
        items.InsertRange(0, args);
        return Value.From((double)items.Count);
    }

    public static Value Pop(TemplateCall call, Value self, Value[] args)
    {
        var items = self.AsArray.Writable("pop");
        return TakeAt(items, items.Count - 1);
    }

    public static Value Shift(TemplateCall call, Value self, Value[] args) => TakeAt(self.AsArray.Writable("shift"), 0);

    private static Value TakeAt(List<Value> items, int index)
    {
        if (items.Count == 0) return Value.Undefined;

        var item = items[index];
        items.RemoveAt(index);
        return item;
    }

    public static Value Reverse(TemplateCall call, Value self, Value[] args)
    {
        self.AsArray.Writable("reverse").Reverse();
        return self;
    }

    public static Value Fill(TemplateCall call, Value self, Value[] args)
    {
        var items = self.AsArray.Writable("fill");
        var end = StringMethods.Relative(args.At(2), items.Count, items.Count);
        for (var index = StringMethods.Relative(args.At(1), items.Count, 0); index < end; index++)
        {
            items[index] = args.At(0);
        }

        return self;
    }

    public static Value Splice(TemplateCall call, Value self, Value[] args)
    {
        var items = self.AsArray.Writable("splice");
        var start = args.Length == 0 ? 0 : StringMethods.Relative(args[0], items.Count, 0);
        var count = args.Length switch
        {
            0 => 0,
            1 => items.Count - start,
            _ => Math.Clamp(Conversions.ToInteger(args[1]), 0, items.Count - start),
        };
        var removed = items.GetRange(start, count);
        items.RemoveRange(start, count);
        items.InsertRange(start, args.Skip(2));
        call.Charge(args.Length);
        return call.List(removed);
    }

    public static Value Sort(TemplateCall call, Value self, Value[] args)
    {
        var items = self.AsArray.Writable("sort");
        call.Charge(items.Count);
        var present = items.Where(item => !item.IsUndefined).ToList();
        var absent = items.Count - present.Count;
        if (args.At(0).IsUndefined)
        {
            StableSort.Sort(present, (left, right) => string.CompareOrdinal(left.ToString(), right.ToString()));
        }
        else
        {
            StableSort.Sort(
                present,
                (left, right) => call.Invoke(args[0], left, right).ToNumber() switch { > 0 => 1, < 0 => -1, _ => 0 });
        }

        items.Clear();
        items.AddRange(present);
        items.AddRange(Enumerable.Repeat(Value.Undefined, absent));
        return self;
    }
}
