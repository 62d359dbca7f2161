using System.Text.Json.Nodes;

namespace Portal.Templating.Tests;

/// <summary>Short ways to render, for tests.</summary>
internal static class Rendered
{
    public static readonly TemplateEngine Engine = new();

    public static TemplateContext Context(string json = "{}")
    {
        var context = new TemplateContext();
        foreach (var (name, value) in JsonNode.Parse(json)!.AsObject()) context.Set(name, Value.From(value));

        return context;
    }

    public static string Text(string template, string json = "{}") =>
        Engine.Parse(template, "file.txt").Render(Context(json));

    public static Value Evaluate(string expression, TemplateContext? context = null) =>
        Engine.ParseExpression(expression, "file.txt").Evaluate(context ?? Context());

    public static TemplateException Error(string template, string json = "{}") =>
        Assert.ThrowsAny<TemplateException>(() => Text(template, json));
}
