using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Portal.Web.Tests.Requests;

namespace Portal.Web.Tests.Contract;

/// <summary>What is mapped below <c>/api/v1</c> is what the document describes.</summary>
[Collection(ContractPortal.Name)]
public sealed class RoutesTests(LivePortal portal)
{
    private IReadOnlyList<RouteEndpoint> Routes =>
    [
        .. portal.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.RoutePattern.RawText!.StartsWith("/api/v1/", StringComparison.Ordinal)),
    ];

    [Fact]
    public void Routes_OfTheApi_AllStandInTheDocument()
    {
        var described = new ApiDocument().Operations.Select(o => o.Id!).Order(StringComparer.Ordinal);

        var mapped =
            Routes.Select(r => r.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName ?? r.DisplayName!);

        Assert.Equal(described, mapped.Order(StringComparer.Ordinal));
    }

    /// <summary>Whoever reads a stack trace or a profile sees which operation it is.</summary>
    [Fact]
    public void Routes_OfTheApi_AreMethodsWithNames() => Assert.All(Routes, r =>
    {
        var handler = r.Metadata.GetMetadata<MethodInfo>();
        Assert.True(
            handler is not null && !handler.Name.Contains('<', StringComparison.Ordinal),
            $"{r.DisplayName} is a lambda");
    });
}
