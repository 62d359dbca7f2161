using Portal.Core.Catalog.Discovery;
using Portal.Web.Controls;

namespace Portal.Web.Catalog;

internal static class DiscoveryWords
{
    public static Status Of(FoundRepository row) =>
        row.Problem is not null ? Status.Bad("Problem")
        : row.DescriptorPath is not null ? Status.Good("In the catalog")
        : row.PullRequestUrl is not null ? Status.Waiting("Proposed")
        : Status.Off("No descriptor");
}
