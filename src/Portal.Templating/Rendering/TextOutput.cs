using System.Text;
using Portal.Templating.Ast;

namespace Portal.Templating.Rendering;

/// <summary>Where text goes: the caller's writer, or a buffer whose text becomes a value.</summary>
internal sealed class TextOutput
{
    private readonly TextWriter? writer;
    private readonly StringBuilder? buffer;
    private readonly Renderer renderer;
    private long length;
    private UnknownValue? unknown;

    private TextOutput(Renderer renderer, TextWriter? writer, StringBuilder? buffer)
    {
        this.renderer = renderer;
        this.writer = writer;
        this.buffer = buffer;
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
        length += text.Length;
        renderer.CheckOutput(length);
        writer?.Write(text);
        buffer?.Append(text);
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
            renderer.Context.OnOutput?.Invoke(text);
            Write(text);
        }
        catch (UnknownValueException unknown)
        {
            WriteUnknown(new UnknownValue(unknown.Description, UnknownValue.Marker));
        }
    }

    private void WriteUnknown(UnknownValue unknown)
    {
        this.unknown ??= unknown;
        if (writer is not null) renderer.Context.SawUnknown = true;

        Write(unknown.Preview);
    }

    /// <summary>The buffered text; unknown when some of it is.</summary>
    public Value ToValue(bool asSafe)
    {
        var text = buffer!.ToString();
        renderer.ChargeText(text.Length);
        if (unknown is not null) return Value.FromUnknown(unknown with { Preview = text });

        return asSafe ? Value.FromSafe(text) : Value.From(text);
    }
}
