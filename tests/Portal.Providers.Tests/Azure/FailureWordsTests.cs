using System.Text.Json.Nodes;
using Portal.Core.Shared;
using Portal.Providers.Azure.Arm;

namespace Portal.Providers.Tests.Azure;

public sealed class FailureWordsTests
{
    private static readonly FailureWords Words = new("azure");

    [Theory]
    [InlineData(
        "QuotaExceeded",
        "Operation could not be completed as it results in exceeding approved Total Regional Cores quota.",
        "azure-quota", "Usage + quotas")]
    [InlineData(
        "SkuNotAvailable", "The requested size is currently not available in location 'westeurope'.", "azure-sku",
        "Portal:Providers:azure:Location")]
    [InlineData(
        "MissingSubscriptionRegistration", "The subscription is not registered to use namespace 'Microsoft.App'.",
        "azure-provider-unregistered", "az provider register --namespace Microsoft.App")]
    [InlineData(
        "AuthorizationFailed",
        "The client does not have authorization to perform action 'Microsoft.Authorization/locks/write' over scope '/subscriptions/s' or the scope is invalid.",
        "azure-authorization", "Locks Contributor")]
    [InlineData("ScopeLocked", "The scope is locked.", "azure-locked", "Remove the lock")]
    [InlineData(
        "SubscriptionNotFound", "The subscription 's' could not be found.", "azure-subscription", "SubscriptionId")]
    [InlineData(
        "ReadOnlyDisabledSubscription", "The subscription is disabled.", "azure-subscription-disabled", "billing")]
    public void Of_KnownCode_SaysWhatToChange(string code, string message, string expected, string said)
    {
        var error = Words.Of(new ArmError(code, message, []), 400);
        Assert.Equal(expected, error.Code);
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ResourceGroupBeingDeleted", true)]
    [InlineData("DeploymentActive", true)]
    [InlineData("QuotaExceeded", false)]
    public void IsTransient_Code_IsWhatMayPass(
        string code, bool expected) => Assert.Equal(expected, FailureWords.IsTransient(new ArmError(code, "", [])));

    [Fact]
    public void Innermost_NestedDetailsAndWrittenJson_IsTheOneThatSaysIt()
    {
        var error = ArmError.Of(JsonNode.Parse("""
            { "code": "DeploymentFailed", "message": "At least one resource deployment operation failed.", "details": [
              { "code": "Conflict", "message": "{\r\n  \"error\": {\r\n    \"code\": \"QuotaExceeded\",\r\n    \"message\": \"Too many\\r\\ncores.\"\r\n  }\r\n}" } ] }
            """)!.AsObject());
        Assert.Equal(("QuotaExceeded", "Too many cores."), (error!.Code, error.Message));
    }

    [Fact]
    public void Of_UnknownCode_KeepsCodeMessageAndKind()
    {
        var error = Words.Of(new ArmError("SomethingNew", "It went wrong.", []), 409);
        Assert.Equal((ErrorKind.Conflict, "SomethingNew: It went wrong."), (error.Kind, error.Message));
    }

    [Theory]
    [InlineData("*", "Microsoft.App/containerApps/write", true)]
    [InlineData("*/read", "Microsoft.App/containerApps/read", true)]
    [InlineData("*/read", "Microsoft.App/containerApps/write", false)]
    [InlineData("Microsoft.Authorization/*/Write", "Microsoft.Authorization/locks/write", true)]
    [InlineData("Microsoft.Authorization/*/Write", "Microsoft.Resources/tags/write", false)]
    [InlineData("Microsoft.Resources/tags/write", "Microsoft.Resources/tags/write", true)]
    public void Covers_PatternOfARole_AsAzureReadsIt(
        string pattern, string action, bool expected) => Assert.Equal(expected, Rights.Covers(pattern, action));
}
