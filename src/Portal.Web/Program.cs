using Portal.Core.Catalog;
using Portal.Core.Data;
using Portal.Core.Governance;
using Portal.Web.Commands;
using Portal.Web.Hosting;

namespace Portal.Web;

/// <summary>
/// The table of contents: every feature adds one line to <see cref="AddPortal"/> and, where it answers requests,
/// one line to <see cref="MapPortal"/>.
/// </summary>
public sealed class Program
{
    private Program()
    {
    }

    public static Task<int> Main(string[] args) => CommandLine.InvokeAsync(args);

    /// <summary>Registers the features. Nothing here may touch the database or the network.</summary>
    internal static void AddPortal(WebApplicationBuilder builder)
    {
        builder.AddHosting();
        builder.Services.AddPortalData(builder.Configuration);
        builder.Services.AddGovernance();
        builder.Services.AddCatalog();
    }

    /// <summary>The request pipeline and the endpoints, in the order in which they see a request.</summary>
    internal static void MapPortal(WebApplication app)
    {
        app.UseHosting();
        app.MapHealth();
    }
}
