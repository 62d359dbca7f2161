using Portal.Core.Providers;

namespace Portal.TestKit.Fakes;

/// <summary>A portal that nobody can reach.</summary>
public sealed class FakeAddress : IPortalAddress
{
    public string Url => "http://127.0.0.1:5080";
}
