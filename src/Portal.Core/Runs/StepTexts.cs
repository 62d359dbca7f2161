using System.Text.Json;
using System.Text.Json.Nodes;
using Portal.Core.Runs.Actions;
using Portal.Core.Runs.Masking;
using Portal.Core.Schema;
using Portal.Core.Shared.Files;
using Portal.Templating;

namespace Portal.Core.Runs;

/// <summary>
/// Renders what stands in a template's steps and output, in depth. A text that is one expression keeps the type of its value; one
/// that renders to nothing disappears. An error names its place in the template's file.
/// </summary>
internal sealed class StepTexts(FileTree template)
{
    private static readonly TemplateEngine Engine = new();
    private static readonly ParsedTexts Parsed = new(4_096);

    private TemplatePlaces? places;

    /// <param name="pointer">Of the node in the template's file.</param>
    /// <param name="context">Makes the context; called again after a render that met an unknown value.</param>
    /// <returns>Null when nothing is left of it.</returns>
    /// <param name="watch">Notes what comes of secrets; the context tells it what is written.</param>
    public RenderedNode? Render(JsonNode? node, string pointer, Func<TemplateContext> context, SecretWatch? watch = null)
    {
        TemplateContext? current = null;
        return Visit(node, pointer, () => current is { SawUnknown: false } ? current : current = context(), watch);
    }

    /// <summary>What is left of a mapping; empty when nothing is.</summary>
    public JsonObject RenderObject(JsonObject node, string pointer, Func<TemplateContext> context, SecretWatch? watch = null) =>
        Render(node, pointer, context, watch)?.Node as JsonObject ?? [];

    private RenderedNode? Visit(JsonNode? node, string pointer, Func<TemplateContext> context, SecretWatch? watch)
    {
        switch (node)
        {
            case null:
                return new RenderedNode(null);
            case JsonObject values:
                var rendered = new JsonObject();
                foreach (var (name, value) in values)
                {
                    if (Visit(value, JsonPointer.Append(pointer, name), context, watch) is { } member) rendered[name] = member.Node;
                }
                return new RenderedNode(rendered);
            case JsonArray items:
                var list = new JsonArray();
                for (var i = 0; i < items.Count; i++)
                {
                    if (Visit(items[i], JsonPointer.Append(pointer, i), context, watch) is { } item) list.Add(item.Node);
                }
                return new RenderedNode(list);
            case JsonValue value when value.GetValueKind() == JsonValueKind.String:
                return Text(value.GetValue<string>(), pointer, context, watch);
            default:
                return new RenderedNode(node.DeepClone());
        }
    }

    private RenderedNode? Text(string text, string pointer, Func<TemplateContext> context, SecretWatch? watch)
    {
        if (text.Length == 0) return null;
        if (Engine.IsLiteral(text)) return new RenderedNode(JsonValue.Create(text));
        try
        {
            var parsed = Parsed.Get(Engine, text, "template.yaml");
            var now = context();
            if (parsed.SingleExpression is { } expression)
            {
                var value = expression.Evaluate(now);
                watch?.Note(parsed, value);
                return value.IsUndefined || value is { Kind: ValueKind.String, AsString.Length: 0 } ? null : new RenderedNode(JsonValues.ToJson(value));
            }
            watch?.Begin();
            var result = parsed.Render(now);
            watch?.Note(parsed, null);
            if (result.Length == 0) return null;
            return new RenderedNode(now.SawUnknown ? UnknownValue.Of(result) : JsonValue.Create(result));
        }
        catch (UnknownValueException e)
        {
            return new RenderedNode(UnknownValue.Of(e.Description));
        }
        catch (TemplateException e)
        {
            throw new ActionFailedException((places ??= new TemplatePlaces(template)).Message(e, pointer), e);
        }
    }
}

/// <summary>What became of a node; the node itself may be JSON's null.</summary>
internal sealed record RenderedNode(JsonNode? Node);
