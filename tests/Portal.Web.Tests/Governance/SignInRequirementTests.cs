using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;
using Portal.Web.Commands;
using Portal.Web.Governance;

namespace Portal.Web.Tests.Governance;

public sealed class SignInRequirementTests
{
    [Theory]
    [InlineData("Production", "GitHub", false, true)]
    [InlineData("Staging", "Azure", false, true)]
    [InlineData("Production", "GitHub", true, false)]
    [InlineData("Development", "GitHub", false, false)]
    [InlineData("Production", "Local", false, false)]
    [InlineData("Production", null, false, false)]
    public void Check_ProviderOutside_NeedsARealSignInOutsideOfDevelopment(
        string environment, string? type, bool hasRealSignIn, bool refused)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Portal:Providers:forge:Type"] = type, ["Portal:Providers:local:Enabled"] = "true",
        }).Build();

        var thrown =
            Record.Exception(() => SignInRequirement.Check(configuration, new Host(environment), hasRealSignIn));

        if (refused) Assert.Contains(
            "Portal:Providers:forge:Type", Assert.IsType<StartupException>(thrown).Message, StringComparison.Ordinal);
        else Assert.Null(thrown);
    }

    private sealed class Host(string name) : IHostEnvironment
    {
        public string EnvironmentName { get; set; } = name;

        public string ApplicationName { get; set; } = "Portal.Web";

        public string ContentRootPath { get; set; } = "/";

        public IFileProvider ContentRootFileProvider { get; set; } = new NullFileProvider();
    }
}
