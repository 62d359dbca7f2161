using Portal.Templating.Rendering;

namespace Portal.Templating;

/// <summary>A function that templates may call, or a filter. Missing arguments are simply not in the array.</summary>
/// <param name="call">The render it is called from: its limits and its errors.</param>
/// <param name="arguments">The arguments; a filter finds the filtered value first. Named arguments come last, as one
/// object.</param>
public delegate Value TemplateFunction(TemplateCall call, Value[] arguments);

/// <summary>Something a template can call.</summary>
internal abstract class Callable(string name)
{
    public string Name { get; } = name;

    /// <summary>
    /// Whether its body is template text: a decision on an unknown value inside it is not an unknown result.
    /// </summary>
    public virtual bool IsTemplateCode => false;

    /// <summary>Whether it deals with unknown arguments itself; without, one makes the result unknown.</summary>
    public virtual bool TakesUnknown => false;

    public abstract Value Invoke(TemplateCall call, Value[] arguments);
}

/// <summary>A callable made of .NET code.</summary>
internal sealed class FunctionValue(string name, TemplateFunction function, bool takesUnknown = false) : Callable(name)
{
    public override bool TakesUnknown => takesUnknown;

    public override Value Invoke(TemplateCall call, Value[] arguments) => function(call, arguments);
}
