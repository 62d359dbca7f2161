using Microsoft.Extensions.Configuration;
using Portal.Web.Hosting;

namespace Portal.Web.Tests.Hosting;

public sealed class SettingsFilesTests
{
    /// <summary>To follow them means to walk through all folders of a checkout, its data included.</summary>
    [Fact]
    public void CreateBuilder_FollowsNoFileOfSettings()
    {
        var files = PortalApplication.CreateBuilder([]).Configuration.Sources.OfType<FileConfigurationSource>();

        Assert.NotEmpty(files);
        Assert.All(files, file => Assert.False(file.ReloadOnChange, file.Path));
    }
}
