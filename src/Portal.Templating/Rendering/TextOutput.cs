using System.Text;
using Portal.Templating.Ast;

namespace Portal.Templating.Rendering;

/// <summary>Where text goes: the caller's writer, or a buffer whose text becomes a value.</summary>
internal sealed class TextOutput
{
    private readonly TextWriter? _writer;
    private readonly StringBuilder? _buffer;
    private readonly Renderer _renderer;
    private long _length;
    private UnknownValue? _unknown;

    private TextOutput(Renderer renderer, TextWriter? writer, StringBuilder? buffer)
    {
        _renderer = renderer;
        _writer = writer;
        _buffer = buffer;
    }

    public static TextOutput To(TextWriter writer, Renderer renderer) => new(renderer, writer, null);
    public static TextOutput Buffer(Renderer renderer) => new(renderer, null, new StringBuilder());
    public static TextOutput Discard(Renderer renderer) => new(renderer, null, null);

    public static TextOutput Capture(Scope scope, BodyNode body)
    {
        var output = Buffer(scope.Renderer);
        body.Render(scope, output);
        return output;
    }

    public void Write(string text)
    {
        _length += text.Length;
        _renderer.CheckOutput(_length);
        _writer?.Write(text);
        _buffer?.Append(text);
    }

    public void Write(Value value)
    {
        if (value.IsUnknown)
        {
            WriteUnknown(value.AsUnknown);
            return;
        }

        try
        {
            var text = Conversions.ToText(value);
            _renderer.Context.OnOutput?.Invoke(text);
            Write(text);
        }
        catch (UnknownValueException unknown)
        {
            WriteUnknown(new UnknownValue(unknown.Description, UnknownValue.Marker));
        }
    }

    private void WriteUnknown(UnknownValue unknown)
    {
        _unknown ??= unknown;
        if (_writer is not null)
        {
            _renderer.Context.SawUnknown = true;
        }

        Write(unknown.Preview);
    }

    /// <summary>The buffered text; unknown when some of it is.</summary>
    public Value ToValue(bool asSafe)
    {
        var text = _buffer!.ToString();
        _renderer.ChargeText(text.Length);
        if (_unknown is not null)
        {
            return Value.FromUnknown(_unknown with { Preview = text });
        }

        return asSafe ? Value.FromSafe(text) : Value.From(text);
    }
}
