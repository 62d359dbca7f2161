using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;
using Portal.Core.Data.PrivateCluster;

namespace Portal.Web.Commands;

/// <summary>
/// Thrown for what the person at the keyboard can mend. The message is one line: what is wrong and how to mend it.
/// </summary>
public sealed class StartupException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>
/// Puts the failures that somebody can mend into one line; all others are bugs and keep their stack trace.
/// </summary>
internal static class StartupErrors
{
    public static string? Describe(Exception error) => error switch
    {
        StartupException or PrivateClusterException => error.Message,
        OptionsValidationException invalid => string.Join("; ", invalid.Failures),
        IOException { InnerException: AddressInUseException } => $"{Address(error.Message)} is in use: stop what listens there, or choose another with --port N",
        // An unparsable appsettings.json, or a value of the wrong type.
        InvalidDataException { InnerException: { } inner } => $"{error.Message.TrimEnd('.')}: {Line(inner)}",
        InvalidOperationException when error.Message.StartsWith(
            "Failed to convert configuration value", StringComparison.Ordinal) => Line(error),
        _ => null,
    };

    /// <summary>Kestrel says "Failed to bind to address http://…: address already in use."</summary>
    private static string Address(string message) =>
        message.Split(' ').FirstOrDefault(word => word.StartsWith("http", StringComparison.Ordinal))?.TrimEnd(':')
            ?? "the address";

    private static string Line(Exception error) => error.Message.ReplaceLineEndings(" ");
}
