using System.Reflection;

namespace ${{ values.project }}.Api.Hosting;

/// <summary>Which build runs: the version, and the commit that the environment or the build names.</summary>
internal static class ServiceVersion
{
    public const string Name = "${{ values.name }}";

    private static readonly string[] Parts =
        (typeof(ServiceVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0.0.0").Split('+', 2);

    public static string Version => Parts[0];

    public static string Commit =>
        Environment.GetEnvironmentVariable("GIT_COMMIT") is { Length: > 0 } commit ? commit : Parts.Length > 1 ? Parts[1] : "local";

    public static string ShortCommit => Commit.Length > 12 ? Commit[..12] : Commit;
}
