namespace Portal.Templating;

/// <summary>A template that cannot be read or rendered: what is wrong, where, and the nearest known name.</summary>
public class TemplateException : Exception
{
    /// <summary>Makes an error at a place in a template.</summary>
    /// <param name="reason">What is wrong, in plain words, without the place.</param>
    /// <param name="name">The template, usually its path; null until it is known.</param>
    /// <param name="line">The line, counted from 1; 0 until it is known.</param>
    /// <param name="column">The column, counted from 1.</param>
    /// <param name="suggestion">The nearest known name, when a name was not known.</param>
    public TemplateException(
        string reason, string? name = null, int line = 0, int column = 0, string? suggestion = null)
        : base(reason)
    {
        Reason = reason;
        Name = name;
        Line = line;
        Column = column;
        Suggestion = suggestion;
    }

    /// <summary>The template, usually its path.</summary>
    public string? Name { get; private set; }
    /// <summary>The line, counted from 1; 0 when there is none.</summary>
    public int Line { get; private set; }
    /// <summary>The column, counted from 1; 0 when there is none.</summary>
    public int Column { get; private set; }
    /// <summary>What is wrong, in plain words, without the place.</summary>
    public string Reason { get; }
    /// <summary>The nearest known name, when a name was not known.</summary>
    public string? Suggestion { get; }

    /// <summary>Place, reason and suggestion in one line.</summary>
    public override string Message
    {
        get
        {
            var place = Line > 0 ? $"{Name}:{Line}:{Column}: " : "";
            return Suggestion is null ? place + Reason : $"{place}{Reason}. Did you mean '{Suggestion}'?";
        }
    }

    /// <summary>Fills in the place, unless a deeper one has.</summary>
    internal void Locate(string name, int line, int column)
    {
        if (Line == 0) (Name, Line, Column) = (name, line, column);
    }
}

/// <summary>A template went beyond a limit of output, steps, depth, time or pattern matching.</summary>
public sealed class TemplateLimitException : TemplateException
{
    /// <inheritdoc/>
    public TemplateLimitException(string reason, string? name = null, int line = 0, int column = 0)
        : base(reason, name, line, column)
    {
    }
}

/// <summary>A template must decide on a value that is known only after the run.</summary>
public sealed class UnknownValueException : TemplateException
{
    /// <summary>Makes the error for the value so described.</summary>
    public UnknownValueException(string description)
        : base($"'{description}' is known only after the run, and the template decides on it here") =>
            Description = description;

    /// <summary>Where the value comes from, such as <c>steps.publish.output.remoteUrl</c>.</summary>
    public string Description { get; }
}

/// <summary>
/// What JavaScript throws as a TypeError: found inside a filter or an operator, which does not know its place.
/// </summary>
internal sealed class EvaluationError(string reason, string? suggestion = null) : Exception(reason)
{
    public string? Suggestion { get; } = suggestion;
}
