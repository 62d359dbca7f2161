using Portal.Web.Tests.Requests;

namespace Portal.Web.Tests.Contract;

/// <summary>One running portal for all that compares it with its document.</summary>
[CollectionDefinition(Name)]
public sealed class ContractPortal : ICollectionFixture<LivePortal>
{
    public const string Name = "contract";
}
