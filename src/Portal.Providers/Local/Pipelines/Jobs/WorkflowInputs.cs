using Portal.Providers.Local.Pipelines.Expressions;
using Portal.Providers.Local.Pipelines.Workflows;

namespace Portal.Providers.Local.Pipelines.Jobs;

/// <summary>The values of a workflow's inputs.</summary>
internal static class WorkflowInputs
{
    /// <summary>By their declared types; one that is required and not given is an error.</summary>
    /// <param name="at">Where they are given; null: one that is missing is empty.</param>
    public static ExprObject Of(
        IReadOnlyDictionary<string, InputDefinition> declared, Func<string, object?> given, SourceText? at)
    {
        var inputs = new ExprObject();
        foreach (var (name, input) in declared)
        {
            var value = given(name) ?? input.Default?.Text;
            if (value is null && input.Required && at is not null)
            {
                throw new WorkflowException(at.File, at.Line, $"the input '{name}' is required.");
            }
            inputs[name] = input.Type switch
            {
                "boolean" => Coercion.ToText(value) == "true",
                "number" => Coercion.ToNumber(value),
                _ => Coercion.ToText(value),
            };
        }

        return inputs;
    }
}
