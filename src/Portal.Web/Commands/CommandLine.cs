using System.CommandLine;
using System.CommandLine.Parsing;

namespace Portal.Web.Commands;

/// <summary>The portal's one executable: <c>serve</c> (what it does without a word), and its tools.</summary>
internal static class CommandLine
{
    /// <param name="replace">Takes the place of services of <c>serve</c>: for hosts of tests.</param>
    public static async Task<int> InvokeAsync(string[] args, Action<IServiceCollection>? replace = null)
    {
        var root = new RootCommand("A self-service developer portal.")
        {
            ServeCommand.Create(replace),
            TokenCommand.Create(),
            TemplateCommand.Create(),
            DatabaseCommand.Create(),
            DoctorCommand.Create(),
            ResetCommand.Create(),
        };
        var parsed = root.Parse(Named(args, root));
        try
        {
            // The host has its own answer to Ctrl-C and SIGTERM, and errors are told by us.
            return await parsed.InvokeAsync(new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            });
        }
        catch (Exception error) when (StartupErrors.Describe(error) is { } line)
        {
            await Console.Error.WriteLineAsync($"portal: {line}");
            return 1;
        }
    }

    /// <summary>
    /// Without a command the portal serves, and takes any <c>--Key=value</c> setting: what starts a host
    /// (a service unit, a test host) need not know our commands.
    /// </summary>
    private static string[] Named(string[] args, RootCommand root) =>
        args is ["-h" or "-?" or "--help" or "--version", ..]
            || (args.Length > 0 && root.Subcommands.Any(command => command.Name == args[0]))
            ? args
            : [ServeCommand.Name, .. args];
}
