namespace Portal.Providers.Local.Pipelines.Expressions;

/// <summary>An expression that cannot be read or evaluated; whoever knows file and line adds them.</summary>
internal sealed class ExpressionException(string message) : Exception(message);
