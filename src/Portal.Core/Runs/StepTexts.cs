using System.Text.Json;
using System.Text.Json.Nodes;
using Portal.Core.Runs.Actions;
using Portal.Core.Runs.Masking;
using Portal.Core.Schema;
using Portal.Core.Shared.Files;
using Portal.Templating;

namespace Portal.Core.Runs;

/// <summary>
/// Renders what stands in a template's steps and output, in depth. A text that is one expression keeps the type of its
/// value; one that renders to nothing disappears. An error names its place in the template's file.
/// </summary>
internal sealed class StepTexts(FileTree template)
{
    private static readonly TemplateEngine Engine = new();
    private static readonly ParsedTexts Parsed = new(4_096);

    private TemplatePlaces? places;

    /// <summary>What is left of a step's input; empty when nothing is. It alone can name secrets.</summary>
    /// <param name="pointer">Of the node in the template's file.</param>
    public JsonObject Input(JsonObject node, string pointer, WalkScope scope, EachItem? each) =>
        Render(node, pointer, scope, each, isInput: true)?.Node as JsonObject ?? [];

    /// <summary>For <c>if</c>, <c>each</c> and the run's output.</summary>
    /// <returns>Null when nothing is left of it.</returns>
    public RenderedNode? Plain(JsonNode? node, string pointer, WalkScope scope, EachItem? each = null) =>
        Render(node, pointer, scope, each, isInput: false);

    private RenderedNode? Render(JsonNode? node, string pointer, WalkScope scope, EachItem? each, bool isInput)
    {
        TemplateContext? current = null;
        var watch = scope.Watch(each, isInput);
        // A new one after a render that met an unknown value.
        var rendered = Visit(
            node, pointer,
            () => current is { SawUnknown: false } ? current : current = scope.Context(each, isInput, watch), watch);
        if (watch is not null) scope.Secrets?.Learn(watch.Made);
        return rendered;
    }

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
                    if (Visit(value, JsonPointer.Append(pointer, name), context, watch) is { } member)
                    {
                        rendered[name] = member.Node;
                    }
                }
                return new RenderedNode(rendered);
            case JsonArray items:
                var list = new JsonArray();
                for (var i = 0; i < items.Count; i++)
                {
                    if (Visit(items[i], JsonPointer.Append(pointer, i), context, watch) is { } item)
                    {
                        list.Add(item.Node);
                    }
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
        Template? parsed = null;
        try
        {
            parsed = Parsed.Get(Engine, text, "template.yaml");
            if (!WalkScope.MayReadSecrets(parsed)) watch = null;
            var now = context();
            if (parsed.SingleExpression is { } expression)
            {
                var value = expression.Evaluate(now);
                watch?.Note(parsed, value);
                return value.IsUndefined || value is { Kind: ValueKind.String, AsString.Length: 0 }
                    ? null
                    : new RenderedNode(JsonValues.ToJson(value));
            }
            watch?.Begin();
            var result = parsed.Render(now);
            watch?.Note(parsed, result);
            if (result.Length == 0) return null;
            return new RenderedNode(now.SawUnknown ? UnknownValue.Of(result) : JsonValue.Create(result));
        }
        catch (UnknownValueException e)
        {
            return new RenderedNode(UnknownValue.Of(e.Description));
        }
        catch (TemplateException e)
        {
            if (parsed is not null && watch?.TellsOfSecret(parsed, e) == true) e = MadeOfSecret(e);
            throw ActionFailedException.Wrong((places ??= new TemplatePlaces(template)).Message(e, pointer), e);
        }
    }

    /// <summary>The place without the reason, which may tell the value.</summary>
    internal static TemplateException MadeOfSecret(TemplateException failure) =>
        new(
            "this fails with a value that was made of a secret, and why is not shown", failure.Name, failure.Line,
            failure.Column);
}

/// <summary>What became of a node; the node itself may be JSON's null.</summary>
internal sealed record RenderedNode(JsonNode? Node);
