namespace Portal.Templating.Rendering;

/// <summary>What a filter or function sees of the render that calls it.</summary>
public sealed class TemplateCall
{
    private readonly Renderer renderer;

    internal TemplateCall(Renderer renderer) => this.renderer = renderer;

    internal TemplateEngine Engine => renderer.Engine;
    internal Random Random => renderer.Random;

    /// <summary>An error at the place of the call.</summary>
    /// <param name="reason">What is wrong and what to change.</param>
    /// <param name="suggestion">The nearest known name, if a name was not known.</param>
    public Exception Fail(string reason, string? suggestion = null) => new EvaluationError(reason, suggestion);

    /// <summary>Counts list items that are about to be made against the step limit.</summary>
    public void Charge(double items)
    {
        if (items > 0) renderer.Step((long)Math.Min(items, long.MaxValue / 4));
    }

    /// <summary>Checks the length of a text that is about to be made.</summary>
    public void ChargeText(double length)
    {
        if (length > 0) renderer.ChargeText((long)Math.Min(length, long.MaxValue / 4));
    }

    /// <summary>Calls a function value, such as a macro that was passed to <c>map</c>.</summary>
    public Value Invoke(Value function, params Value[] arguments)
    {
        if (function.Kind != ValueKind.Callable)
        {
            throw new EvaluationError($"a function is needed here, not {Conversions.Describe(function)}");
        }

        renderer.Step();
        return renderer.Invoke(function.AsCallable, arguments);
    }

    internal void GuardStack() => renderer.GuardStack();

    internal Value List(List<Value> items)
    {
        Charge(items.Count);
        return Value.From(new ArrayValue(items));
    }
}
