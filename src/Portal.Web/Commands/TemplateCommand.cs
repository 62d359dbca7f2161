using System.CommandLine;
using Portal.Web.Hosting;

namespace Portal.Web.Commands;

/// <summary>Checks and tests a template folder; needs no running portal and no database.</summary>
internal static class TemplateCommand
{
    public static Command Create() => new("template", "Check and test templates.")
    {
        Sub(
            "check", "Schema, unknown names, unused parameters, action inputs.",
            (tools, folder, cancellation) => tools.CheckAsync(folder, Console.Out, cancellation)),
        Sub(
            "test", "Run the template's own tests/*.yaml.",
            (tools, folder, cancellation) => tools.TestAsync(folder, Console.Out, cancellation)),
    };

    private static Command Sub(
        string name, string description, Func<ITemplateTools, string, CancellationToken, Task<int>> run)
    {
        var folder = new Argument<string>("dir") { Description = "The folder of template.yaml." };
        var command = new Command(name, description) { folder };
        command.SetAction(async (parsed, cancellation) =>
        {
            var path = Path.GetFullPath(parsed.GetRequiredValue(folder));
            if (!Directory.Exists(path))
            {
                throw new StartupException($"{path} is not a folder: give the folder of a template.yaml");
            }

            await using var services = PortalApplication.BuildServices();
            await using var scope = services.CreateAsyncScope();
            return scope.ServiceProvider.GetService<ITemplateTools>() is { } tools
                ? await run(tools, path, cancellation)
                : throw new StartupException("this portal has no golden paths: nothing can check a template");
        });
        return command;
    }
}

/// <summary>
/// What the command line needs of the golden paths. Both return the exit code: 0 when all is well, else 1.
/// </summary>
internal interface ITemplateTools
{
    Task<int> CheckAsync(string folder, TextWriter output, CancellationToken cancellation);

    Task<int> TestAsync(string folder, TextWriter output, CancellationToken cancellation);
}
