using Portal.Providers.Local;
using Portal.Web.Commands;

namespace Portal.Web.Governance;

/// <summary>
/// Who acts at a provider outside of this machine must be who they say: outside of Development that needs a real
/// sign-in.
/// </summary>
internal static class SignInRequirement
{
    private const string Providers = "Portal:Providers";

    /// <summary>People prove who they are. Choosing a person of the sample organisation, or a token, is none.</summary>
    public static bool HasRealSignIn => false;

    /// <exception cref="StartupException">There is none, and a provider needs it.</exception>
    public static void Check(IConfiguration configuration, IHostEnvironment environment) =>
        Check(configuration, environment, HasRealSignIn);

    internal static void Check(IConfiguration configuration, IHostEnvironment environment, bool hasRealSignIn)
    {
        if (environment.IsDevelopment() || hasRealSignIn) return;
        var outside = configuration.GetSection(Providers).GetChildren()
            .Where(p => p["Type"] is { Length: > 0 } type && !type.Equals(
                LocalSetup.Type, StringComparison.OrdinalIgnoreCase)).Select(p => $"{p.Path}:Type").ToList();
        if (outside.Count == 0) return;
        throw new StartupException(
            $"{string.Join(" and ", outside)} {(outside.Count == 1 ? "names a provider" : "name providers")} outside of this machine, and {environment.EnvironmentName} has no sign-in that proves who people are: take the section out, or set ASPNETCORE_ENVIRONMENT=Development on a machine of your own");
    }
}
