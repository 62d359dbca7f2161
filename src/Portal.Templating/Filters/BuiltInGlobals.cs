using System.Collections.Frozen;
using Portal.Templating.Rendering;

namespace Portal.Templating.Filters;

/// <summary><c>range</c>, <c>cycler</c>, <c>joiner</c>, and those of the options.</summary>
internal static class BuiltInGlobals
{
    public static FrozenDictionary<string, Value> With(TemplateEngineOptions options)
    {
        var table = new Dictionary<string, Value>(StringComparer.Ordinal)
        {
            ["range"] = Value.Function("range", Range),
            ["cycler"] = Value.Function("cycler", Cycler),
            ["joiner"] = Value.Function("joiner", Joiner),
        };
        foreach (var (name, value) in options.Globals) table[name] = value;

        return table.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private static Value Range(TemplateCall call, Value[] args)
    {
        var hasStop = !args.At(1).IsUndefined;
        var start = hasStop ? args.At(0).ToNumber() : 0;
        var stop = (hasStop ? args.At(1) : args.At(0)).ToNumber();
        var step = hasStop ? args.At(2).NumberOr(1) : 1;
        call.Charge((stop - start) / step);
        var items = new List<Value>();
        for (var number = start; step > 0 ? number < stop : number > stop; number += step)
        {
            items.Add(Value.From(number));
            if (number + step == number)
            {
                throw new TemplateLimitException("range() has a step too small to get anywhere.");
            }
        }

        return Value.From(new ArrayValue(items));
    }

    private static Value Cycler(TemplateCall call, Value[] args)
    {
        var index = -1;
        var cycler = new ObjectValue().Set("current", Value.Null);
        cycler.Set("reset", Value.Function("reset", (_, _) =>
        {
            index = -1;
            cycler.Set("current", Value.Null);
            return Value.Undefined;
        }));
        return Value.From(cycler.Set("next", Value.Function("next", (_, _) =>
        {
            index = index + 1 >= args.Length ? 0 : index + 1;
            cycler.Set("current", args.At(index));
            return args.At(index);
        })));
    }

    private static Value Joiner(TemplateCall call, Value[] args)
    {
        var separator = args.At(0).IsTruthy ? args[0] : Value.From(",");
        var isFirst = true;
        return Value.Function("joiner", (_, _) =>
        {
            var result = isFirst ? Value.Empty : separator;
            isFirst = false;
            return result;
        });
    }
}
