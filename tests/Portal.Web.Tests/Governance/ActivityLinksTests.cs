using Portal.Web.Governance;

namespace Portal.Web.Tests.Governance;

public sealed class ActivityLinksTests
{
    [Theory]
    [InlineData("component:default/orders", "/catalog/component/default/orders")]
    [InlineData("template:default/dotnet-web-api", "/templates/default/dotnet-web-api")]
    [InlineData("environment:orders-dev-x1", "/environments/orders-dev-x1")]
    [InlineData("pipeline:01a1", "/pipelines/01a1")]
    [InlineData("run:018f0000-0000-7000-8000-000000000001", "/runs/018f0000-0000-7000-8000-000000000001")]
    [InlineData("repository:orders/orders", null)]
    [InlineData("portal:samples/organisation.yaml", null)]
    [InlineData("run:nonsense", null)]
    [InlineData("nonsense", null)]
    public void Of_Subject_ItsPage(
        string subject, string? expected) => Assert.Equal(expected, ActivityLinks.Of(subject));
}
