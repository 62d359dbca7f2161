using Portal.Providers.Tests.Local;
using Portal.Providers.Tests.Local.Attacks;
using Xunit.MicrosoftTestingPlatform;

namespace Portal.Providers.Tests;

/// <summary>
/// Runs the tests; or, as a child of one of them, a host of the Local provider that is there to be killed, or attacked.
/// </summary>
internal static class Program
{
    public static Task<int> Main(string[] arguments) => arguments switch
    {
        [DoomedHost.Argument, var work, var data] => DoomedHost.RunAsync(work, data),
        [NetworkedMachine.Argument, var data] => NetworkedMachine.ServeAsync(data),
        _ when arguments.Contains("-automated") || arguments.Contains("@@") =>
            Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(arguments),
        _ => TestPlatformTestFramework.RunAsync(arguments, SelfRegisteredExtensions.AddSelfRegisteredExtensions),
    };
}
