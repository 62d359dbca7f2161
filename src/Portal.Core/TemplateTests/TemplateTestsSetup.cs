using Microsoft.Extensions.DependencyInjection;

namespace Portal.Core.TemplateTests;

public static class TemplateTestsSetup
{
    /// <summary>The tests that lie beside templates.</summary>
    public static IServiceCollection AddTemplateTests(this IServiceCollection services) =>
        services.AddSingleton<TestTemplate>();
}
