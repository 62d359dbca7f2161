using System.Reflection;
using Portal.Core.Providers;
using Portal.Providers.Local;
using Portal.TestKit.Conformance;
using Portal.TestKit.Outside;

namespace Portal.Providers.Tests;

/// <summary>
/// Each capability has a suite, and each adapter is held to the suites of its capabilities. By their names: the suite
/// of <c>IThing</c> is <c>ThingConformance</c>, and what inherits it for the adapter in <c>Portal.Providers/Acme</c>
/// lies in <c>Portal.Providers.Tests/Acme</c>.
/// </summary>
public sealed class ConformanceCoverageTests
{
    private static readonly IReadOnlyList<Type> Capabilities =
        [.. typeof(IProvider).Assembly.GetTypes()
            .Where(t => t.IsInterface && t != typeof(IProvider) && typeof(IProvider).IsAssignableFrom(t))];

    private static readonly IReadOnlyList<Type> Suites =
        [.. typeof(RepositoryHostConformance).Assembly.GetTypes()
            .Where(t => t.IsAbstract && t.Namespace == typeof(RepositoryHostConformance).Namespace)];

    /// <summary>What is in the product, and the stand-in, which is an adapter like any other.</summary>
    private static readonly IReadOnlyList<(Type Type, string Folder)> Adapters =
        [
            .. Below(typeof(LocalSetup).Assembly, "Portal.Providers"),
            .. Below(typeof(OutsideWorld).Assembly, "Portal.TestKit").Where(a => a.Folder == "Outside")];

    [Fact]
    public void Capability_OfTheCore_HasASuite()
    {
        Assert.True(Capabilities.Count >= 9);
        Assert.Empty(Capabilities.Where(c => SuiteOf(c) is null).Select(c => c.Name));
    }

    /// <summary>
    /// An adapter that comes next has to say how its host fails. A check tells in its findings what fails, and a
    /// receiver of webhooks is asked, not asking: their suites have cases of their own.
    /// </summary>
    [Fact]
    public void Suite_OfACapability_AlsoWantsItsHostToFail() => Assert.Equal(
        [nameof(IProviderCheck), nameof(IWebhookReceiver)],
        Capabilities.Where(c => SuiteOf(c)?.IsSubclassOf(typeof(FailingHostConformance)) == false)
            .Select(c => c.Name).Order(StringComparer.Ordinal));

    [Fact]
    public void Adapter_WithACapability_InheritsItsSuite()
    {
        var needed = (from adapter in Adapters
                      from capability in Capabilities
                      where capability.IsAssignableFrom(adapter.Type)
                      select (capability, adapter.Folder)).Distinct().ToList();

        Assert.Superset(
            new HashSet<string> { "Azure", "GitHub", "Local", "Outside" }, needed.Select(n => n.Folder).ToHashSet());
        Assert.Empty(
            needed.Where(n => !IsHeld(n.capability, n.Folder))
            .Select(n => $"{n.Folder}: {SuiteOf(n.capability)?.Name}"));
    }

    private static Type? SuiteOf(Type capability) =>
        Suites.FirstOrDefault(s => s.Name == capability.Name[1..] + "Conformance");

    private static bool IsHeld(Type capability, string folder) =>
        typeof(ConformanceCoverageTests).Assembly.GetTypes().Any(t =>
            !t.IsAbstract && SuiteOf(capability)?.IsAssignableFrom(t) == true
                && IsBelow(t, $"Portal.Providers.Tests.{folder}"));

    private static IEnumerable<(Type Type, string Folder)> Below(Assembly assembly, string root) =>
        from type in assembly.GetTypes()
        where type is { IsClass: true, IsAbstract: false } && typeof(IProvider).IsAssignableFrom(type)
            && IsBelow(type, root)
        select (type, type.Namespace![root.Length..].TrimStart('.').Split('.')[0]);

    private static bool IsBelow(Type type, string root) =>
        type.Namespace == root || type.Namespace?.StartsWith(root + ".", StringComparison.Ordinal) == true;
}
