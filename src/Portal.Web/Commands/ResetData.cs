namespace Portal.Web.Commands;

internal static class ResetData
{
    public static Task<int> RunAsync(string? folder, TextReader input, TextWriter output, CancellationToken cancellation) => throw new StartupException("reset is not there yet");
}
