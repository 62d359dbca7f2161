using System.Diagnostics;
using System.Runtime.CompilerServices;
using Portal.Templating.Lexing;

namespace Portal.Templating.Rendering;

/// <summary>One render: its limits, its current place and the way to other templates.</summary>
internal sealed class Renderer
{
    private readonly long started = Stopwatch.GetTimestamp();
    private readonly TemplateLimits limits;
    private HashSet<(string, int, string)>? warned;
    private Template template;
    private int position;
    private long steps;
    private long text;
    private int depth;
    private int untilClock = ClockEvery;

    private const int ClockEvery = 128;

    public Renderer(TemplateEngine engine, Template template, TemplateContext context)
    {
        Engine = engine;
        Context = context;
        this.template = template;
        limits = engine.Options.Limits;
        Call = new TemplateCall(this);
    }

    public TemplateEngine Engine { get; }
    public TemplateContext Context { get; }
    public TemplateCall Call { get; }
    public Random Random => field ??= new Random(Context.RandomSeed);

    /// <summary>Notes where an error would be.</summary>
    public void At(Template template, int position)
    {
        this.template = template;
        this.position = position;
    }

    public void Step(long count = 1)
    {
        steps += count;
        if (steps > limits.MaxSteps)
        {
            throw new TemplateLimitException(
                $"The template takes more than {limits.MaxSteps:N0} steps (loop rounds, calls and list items).");
        }

        if (--untilClock <= 0 || count > ClockEvery) CheckClock();
    }

    private void CheckClock()
    {
        untilClock = ClockEvery;
        Context.Cancellation.ThrowIfCancellationRequested();
        if (Stopwatch.GetElapsedTime(started) > limits.Timeout)
        {
            throw new TemplateLimitException(
                $"The template takes longer than {limits.Timeout.TotalSeconds:0.#} seconds.");
        }
    }

    /// <summary>Counts text that is made on the way to the output.</summary>
    public void ChargeText(long length)
    {
        if (length > limits.MaxOutput || (text += length) > 8L * limits.MaxOutput)
        {
            throw new TemplateLimitException(
                $"The template makes more text than its limit of {limits.MaxOutput:N0} characters allows.");
        }
    }

    public void CheckOutput(long length)
    {
        if (length > limits.MaxOutput)
        {
            throw new TemplateLimitException($"The output grew beyond {limits.MaxOutput:N0} characters.");
        }

        if (--untilClock <= 0) CheckClock();
    }

    /// <summary>Fails while there is still stack left to do so.</summary>
    public void GuardStack()
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw new TemplateLimitException("The template is nested too deeply.");
        }
    }

    /// <summary>Enters a macro, an included template or a block.</summary>
    public DepthMark Enter()
    {
        GuardStack();
        if (++depth > limits.MaxDepth)
        {
            throw new TemplateLimitException(
                $"Macros, includes and blocks call each other more than {limits.MaxDepth} levels deep.");
        }

        return new DepthMark(this);
    }

    /// <summary>
    /// Calls a function; what it cannot know makes its result unknown, unless template code had to decide.
    /// </summary>
    public Value Invoke(Callable function, Value[] arguments)
    {
        if (function.IsTemplateCode) return function.Invoke(Call, arguments);

        if (!function.TakesUnknown
            && Array.Find(arguments, argument => argument.IsUnknown) is { IsUnknown: true } first)
        {
            return Value.Unknown(first.AsUnknown.Description);
        }

        try
        {
            var result = function.Invoke(Call, arguments);
            if (result.IsText) ChargeText(result.AsString.Length);

            return result;
        }
        catch (UnknownValueException unknown)
        {
            return Value.Unknown(unknown.Description);
        }
    }

    public Template? Load(Value path, Template from, bool ignoreMissing)
    {
        if (path.IsUnknown) throw new UnknownValueException(path.AsUnknown.Description);

        if (!path.IsText)
        {
            throw new EvaluationError($"the path of a template must be a string, not {Conversions.Describe(path)}");
        }

        Step();
        return Engine.Load(path.AsString, from, ignoreMissing);
    }

    public void Warn(string message)
    {
        // A loop would repeat the same warning for every round.
        if (Context.OnWarning is { } warn && (warned ??= []).Add((template.Name, position, message)))
        {
            var (line, column) = SourcePosition.Of(template.Source, position);
            warn(new TemplateWarning(template.Name, line, column, message));
        }
    }

    /// <summary>Runs the render and gives every error its place.</summary>
    public T Run<T>(Func<T> work)
    {
        var outerLimit = TextLimit.Exchange(limits.MaxOutput);
        try
        {
            return work();
        }
        catch (EvaluationError error)
        {
            throw SourcePosition.Error(error.Message, template.Name, template.Source, position, error.Suggestion);
        }
        catch (TemplateException error) when (error.Line == 0)
        {
            var (line, column) = SourcePosition.Of(template.Source, position);
            error.Locate(template.Name, line, column);
            throw;
        }
        finally
        {
            TextLimit.Exchange(outerLimit);
        }
    }

    public readonly struct DepthMark(Renderer owner) : IDisposable
    {
        public void Dispose() => owner.depth--;
    }
}
