using System.Text.Json.Nodes;

namespace Portal.Core.Runs.Actions;

/// <summary>
/// Something that a template's step can do. It changes the outside only through <see cref="ActionContext.ApplyAsync"/>.
/// </summary>
public interface IAction
{
    ActionDescription Description { get; }

    /// <summary>
    /// Does the work, or, when <see cref="ActionContext.IsPlan"/>, shows what it would do by the same walk. Expected
    /// failures are thrown as <see cref="ActionFailedException"/> or <see cref="Providers.ProviderException"/>.
    /// </summary>
    Task ExecuteAsync(ActionContext context, CancellationToken cancellation);
}

/// <param name="Id">As templates name it, e.g. <c>fetch:template</c>.</param>
/// <param name="Input">JSON Schema of the input; the executor checks it before the action runs.</param>
/// <param name="Output">JSON Schema of the output.</param>
public sealed record ActionDescription(
    string Id, string Summary, JsonObject Input, JsonObject Output, IReadOnlyList<ActionExample> Examples);

/// <param name="Yaml">A whole step as one writes it in a template.</param>
public sealed record ActionExample(string Title, string Yaml);

/// <summary>The step cannot go on; the message says what to change.</summary>
public sealed class ActionFailedException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Null when nobody can tell.</summary>
    public FailureCause? Cause { get; init; }

    /// <summary>The same input fails again.</summary>
    public static ActionFailedException Wrong(string message, Exception? inner = null) =>
        new(message, inner) { Cause = FailureCause.Input };
}
