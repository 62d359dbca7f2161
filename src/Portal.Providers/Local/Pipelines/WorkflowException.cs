using Portal.Core.Shared;

namespace Portal.Providers.Local.Pipelines;

/// <summary>
/// A workflow that cannot be run as it is written. The message names file and line and says what to change.
/// </summary>
internal sealed class WorkflowException(string file, int line, string message)
    : Exception(Words.Short(line > 0 ? $"{file}, line {line}: {message}" : $"{file}: {message}", 2_000))
{
    public string File => file;

    public int Line => line;
}
