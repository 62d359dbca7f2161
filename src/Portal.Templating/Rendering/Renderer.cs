using System.Diagnostics;
using System.Runtime.CompilerServices;
using Portal.Templating.Lexing;

namespace Portal.Templating.Rendering;

/// <summary>One render: its limits, its current place and the way to other templates.</summary>
internal sealed class Renderer
{
    private readonly long _started = Stopwatch.GetTimestamp();
    private readonly TemplateLimits _limits;
    private HashSet<(string, int, string)>? _warned;
    private Template _template;
    private int _position;
    private long _steps;
    private long _text;
    private int _depth;
    private int _untilClock = ClockEvery;

    private const int ClockEvery = 128;

    public Renderer(TemplateEngine engine, Template template, TemplateContext context)
    {
        Engine = engine;
        Context = context;
        _template = template;
        _limits = engine.Options.Limits;
        Call = new TemplateCall(this);
    }

    public TemplateEngine Engine { get; }
    public TemplateContext Context { get; }
    public TemplateCall Call { get; }
    public Random Random => field ??= new Random(Context.RandomSeed);

    /// <summary>Notes where an error would be.</summary>
    public void At(Template template, int position)
    {
        _template = template;
        _position = position;
    }

    public void Step(long count = 1)
    {
        _steps += count;
        if (_steps > _limits.MaxSteps)
        {
            throw new TemplateLimitException($"The template takes more than {_limits.MaxSteps:N0} steps (loop rounds, calls and list items).");
        }

        if (--_untilClock <= 0 || count > ClockEvery)
        {
            CheckClock();
        }
    }

    private void CheckClock()
    {
        _untilClock = ClockEvery;
        Context.Cancellation.ThrowIfCancellationRequested();
        if (Stopwatch.GetElapsedTime(_started) > _limits.Timeout)
        {
            throw new TemplateLimitException($"The template takes longer than {_limits.Timeout.TotalSeconds:0.#} seconds.");
        }
    }

    /// <summary>Counts text that is made on the way to the output.</summary>
    public void ChargeText(long length)
    {
        if (length > _limits.MaxOutput || (_text += length) > 8L * _limits.MaxOutput)
        {
            throw new TemplateLimitException($"The template makes more text than its limit of {_limits.MaxOutput:N0} characters allows.");
        }
    }

    public void CheckOutput(long length)
    {
        if (length > _limits.MaxOutput)
        {
            throw new TemplateLimitException($"The output grew beyond {_limits.MaxOutput:N0} characters.");
        }

        if (--_untilClock <= 0)
        {
            CheckClock();
        }
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
        if (++_depth > _limits.MaxDepth)
        {
            throw new TemplateLimitException($"Macros, includes and blocks call each other more than {_limits.MaxDepth} levels deep.");
        }

        return new DepthMark(this);
    }

    /// <summary>Calls a function; what it cannot know makes its result unknown, unless template code had to decide.</summary>
    public Value Invoke(Callable function, Value[] arguments)
    {
        if (function.IsTemplateCode)
        {
            return function.Invoke(Call, arguments);
        }

        if (!function.TakesUnknown && Array.Find(arguments, argument => argument.IsUnknown) is { IsUnknown: true } first)
        {
            return Value.Unknown(first.AsUnknown.Description);
        }

        try
        {
            var result = function.Invoke(Call, arguments);
            if (result.IsText)
            {
                ChargeText(result.AsString.Length);
            }

            return result;
        }
        catch (UnknownValueException unknown)
        {
            return Value.Unknown(unknown.Description);
        }
    }

    public Template? Load(Value path, Template from, bool ignoreMissing)
    {
        if (path.IsUnknown)
        {
            throw new UnknownValueException(path.AsUnknown.Description);
        }

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
        if (Context.OnWarning is { } warn && (_warned ??= []).Add((_template.Name, _position, message)))
        {
            var (line, column) = SourcePosition.Of(_template.Source, _position);
            warn(new TemplateWarning(_template.Name, line, column, message));
        }
    }

    /// <summary>Runs the render and gives every error its place.</summary>
    public T Run<T>(Func<T> work)
    {
        var outerLimit = TextLimit.Exchange(_limits.MaxOutput);
        try
        {
            return work();
        }
        catch (EvaluationError error)
        {
            throw SourcePosition.Error(error.Message, _template.Name, _template.Source, _position, error.Suggestion);
        }
        catch (TemplateException error) when (error.Line == 0)
        {
            var (line, column) = SourcePosition.Of(_template.Source, _position);
            error.Locate(_template.Name, line, column);
            throw;
        }
        finally
        {
            TextLimit.Exchange(outerLimit);
        }
    }

    public readonly struct DepthMark(Renderer owner) : IDisposable
    {
        public void Dispose() => owner._depth--;
    }
}
