using Microsoft.Extensions.Options;
using Portal.Web.Governance;
using Portal.Web.Hosting;

namespace Portal.Web.Commands.Doctor;

/// <summary>Whether the portal would start with its settings.</summary>
internal static class SettingsChecks
{
    private const string Name = "settings";

    /// <summary>
    /// The portal's services without its background work; null when the settings do not even allow that.
    /// </summary>
    public static ServiceProvider? Build(WebApplicationBuilder builder, DataFolder data, List<Finding> findings)
    {
        var before = findings.Count;
        ServiceProvider? services = null;
        Try(findings, () => KeysSetup.RequireCertificate(builder.Configuration, builder.Environment));
        Try(findings, () => SignInRequirement.Check(builder.Configuration, builder.Environment));
        Try(findings, () =>
        {
            builder.Services.AddSingleton(data);
            Program.AddPortal(builder);
            services = builder.Services.BuildServiceProvider();
            services.GetService<IStartupValidator>()?.Validate();
        });
        if (findings.Count == before)
        {
            findings.Add(Finding.Ok(Name, $"{builder.Environment.EnvironmentName}, all values can be used"));
        }

        return services;
    }

    private static void Try(List<Finding> findings, Action action)
    {
        try
        {
            action();
        }
        catch (AggregateException several)
        {
            findings.AddRange(several.InnerExceptions.SelectMany(Describe));
        }
        catch (Exception error) when (StartupErrors.Describe(error) is not null)
        {
            findings.AddRange(Describe(error));
        }
    }

    /// <summary>The messages say what to do themselves.</summary>
    private static IEnumerable<Finding> Describe(Exception error) => error is OptionsValidationException invalid
        ? invalid.Failures.Select(failure => new Finding(Name, Verdict.Fail, failure))
        : [new Finding(Name, Verdict.Fail, StartupErrors.Describe(error) ?? error.Message.ReplaceLineEndings(" "))];
}
