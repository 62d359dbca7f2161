using System.Text.Json.Nodes;
using Portal.Core.Environments;
using Portal.Core.Environments.Actions;
using Portal.Core.Runs.Actions;
using Portal.TestKit.Fakes;

namespace Portal.Core.Tests.Environments;

public sealed class EnvironmentNamesTests
{
    [Theory]
    [InlineData("dev", true)]
    [InlineData("a", true)]
    [InlineData("1", true)]
    [InlineData("pr-17", true)]
    [InlineData("dev-", false)]
    [InlineData("-dev", false)]
    [InlineData("Dev", false)]
    [InlineData("dev_1", false)]
    [InlineData("dev\n", false)]
    [InlineData("", false)]
    [InlineData("abcdefghijabcdefghijabcdefghij", true)]
    [InlineData("abcdefghijabcdefghijabcdefghijk", false)]
    public void Allows_AName_IsTheSameInTheFormAndInATemplate(string name, bool allowed)
    {
        using var plans = new Plans();
        var action = plans.Get<ActionRegistry>().Find(EnvironmentCreateAction.Id)!;

        Assert.Equal(allowed, EnvironmentNames.Allows(name));
        Assert.Equal(
            allowed, action.Check(new JsonObject { ["repository"] = "shop/orders", ["name"] = name }).Count == 0);
    }
}
