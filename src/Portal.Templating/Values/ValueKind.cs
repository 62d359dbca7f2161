namespace Portal.Templating;

/// <summary>The kinds of values a template can hold; they follow JavaScript's.</summary>
public enum ValueKind
{
    /// <summary>No value: a name that is known but was not given.</summary>
    Undefined,
    /// <summary>The value <c>null</c> (<c>none</c>).</summary>
    Null,
    /// <summary><c>true</c> or <c>false</c>.</summary>
    Boolean,
    /// <summary>A double, as every JavaScript number is.</summary>
    Number,
    /// <summary>Text in UTF-16.</summary>
    String,
    /// <summary>An <see cref="ArrayValue"/>.</summary>
    Array,
    /// <summary>An <see cref="ObjectValue"/>.</summary>
    Object,
    /// <summary>A function, macro or bound method.</summary>
    Callable,
    /// <summary>Text marked by <c>safe</c>, <c>escape</c> or a macro; an object in JavaScript's eyes.</summary>
    SafeString,
    /// <summary>A regular expression literal, <c>r/…/g</c>.</summary>
    Regex,
    /// <summary>A value that is known only after the run.</summary>
    Unknown,
}
