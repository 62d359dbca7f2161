using System.Text.RegularExpressions;
using Portal.Core.Shared;

namespace Portal.Providers.Azure.Arm;

/// <summary>Azure's codes in words that say what to change.</summary>
internal sealed partial class FailureWords(string instance)
{
    private const int MaxMessage = 600;

    private readonly string key = $"Portal:Providers:{instance}";

    public static bool IsTransient(ArmError error) =>
        error.Code is "ResourceGroupBeingDeleted" or "DeploymentActive" or "TooManyRequests" or "ServerBusy"
        or "InternalServerError" or "RetryableError" or "AnotherOperationInProgress"
        or "OperationNotAllowedOnDeletedResource"
        or "ConcurrentFederatedIdentityCredentialsWritesForSingleManagedIdentity";

    /// <param name="status">Of the answer; 0 when there was none.</param>
    public Error Of(ArmError error, int status)
    {
        var said = Words.Short(error.Message, MaxMessage);
        return error.Code switch
        {
            "AuthorizationFailed" or "LinkedAuthorizationFailed" =>
                Error.Forbidden("azure-authorization", Authorization(said)),
            "RequestDisallowedByPolicy" => Error.Forbidden("azure-policy", Policy(error, said)),
            "MissingSubscriptionRegistration" => Error.Invalid("azure-provider-unregistered", Registration(said)),
            "SkuNotAvailable" or "SkuNotAvailableInRegion"
                or "LocationNotAvailableForResourceType" or "InvalidLocation" => Error.Invalid(
                "azure-sku", $"{said} Choose another size, or another region ({key}:Location)."),
            var code when IsQuota(code) => Error.Conflict(
                "azure-quota",
                $"{said} Choose a smaller size or another region, remove what is not needed, or ask for more (Azure "
                + "portal, subscription, Usage + quotas)."),
            "SubscriptionNotFound" or "InvalidSubscriptionId" => Error.NotFound(
                "azure-subscription", $"{said} Check {key}:SubscriptionId, and that the identity has a role in it."),
            "ReadOnlyDisabledSubscription" or "SubscriptionDisabled" or "DisabledSubscription" => Error.Forbidden(
                "azure-subscription-disabled",
                $"{said} The subscription is disabled: its owner has to enable it again (billing)."),
            "InvalidAuthenticationTokenTenant" => Error.Forbidden(
                "azure-tenant",
                $"{said} Check {key}:TenantId: the token is of another tenant than the subscription's."),
            "InvalidAuthenticationToken" or "ExpiredAuthenticationToken" or "AuthenticationFailed" => Error.Forbidden(
                "azure-credentials",
                $"{said} Check the credentials of {instance} ({key}) and the clock of this machine."),
            "ScopeLocked" =>
                Error.Conflict("azure-locked", $"{said} Remove the lock (Azure portal, resource group, Locks) first."),
            "ResourceGroupBeingDeleted" =>
                new Error(ErrorKind.Unavailable, "azure-being-deleted", $"{said} Try again when it is gone."),
            "DeploymentActive" => new Error(
                ErrorKind.Unavailable, "azure-deployment-active",
                $"{said} Another deployment is under way: try again when it is over."),
            "ParentResourceNotFound" or "ResourceNotFound" or "ResourceGroupNotFound" or "DeploymentNotFound" =>
                Error.NotFound("azure-not-found", said),
            _ when IsImageMissing(error) => Error.Invalid(
                "image-missing",
                $"{said} Check that the pipeline has pushed the image, and {key}:Image and {key}:Registry."),
            _ => Plain(status, said, error),
        };
    }

    private Error Plain(int status, string said, ArmError error)
    {
        var message = error.Code.Length == 0 || said.Contains(error.Code, StringComparison.Ordinal)
            ? said : $"{error.Code}: {said}";
        return status switch
        {
            401 => Error.Forbidden("azure-credentials", $"{message} Check the credentials of {instance} ({key})."),
            403 => Error.Forbidden("azure-forbidden", message),
            404 => Error.NotFound("azure-not-found", message),
            409 or 412 => Error.Conflict("azure-conflict", message),
            413 => new Error(ErrorKind.TooLarge, "azure-too-large", message),
            _ => Error.Invalid("azure-refused", message),
        };
    }

    private string Authorization(string said)
    {
        var action = Action().Match(said) is { Success: true } match ? match.Groups[1].Value : "";
        var scope = Scope().Match(said) is { Success: true } at ? at.Groups[1].Value : "the subscription";
        return $"The identity of {instance} may not do {(action.Length == 0 ? "this" : action)} on {scope}: give it "
            + $"the role {Rights.RoleFor(action)} there. A role that was given a moment ago takes some minutes.";
    }

    private static string Policy(ArmError error, string said)
    {
        var names = error.Policies.Count > 0
            ? error.Policies
            : [.. PolicyName().Matches(said).Select(m => m.Groups[1].Value).Distinct(StringComparer.Ordinal)];
        return $"A policy of the subscription refuses it{(names.Count == 0 ? "" : $": {string.Join(", ", names)}")}. "
            + $"Change what is asked for, or ask who keeps the policy for an exemption. {said}";
    }

    private static string Registration(string said)
    {
        var provider = Namespace().Match(said) is { Success: true } match ? match.Groups[1].Value : "that it names";
        return $"The subscription does not use {provider} yet. Register it once: az provider register --namespace "
            + $"{provider}";
    }

    private static bool IsQuota(string code) => code.Contains("Quota", StringComparison.OrdinalIgnoreCase)
        || code is "MaxNumberOfRegionalEnvironmentsInSubExceeded" or "MaxNumberOfGlobalEnvironmentsInSubExceeded"
            or "ResourceGroupLimitExceeded" or "MaxStorageAccountsCountPerSubscriptionExceeded";

    private static bool IsImageMissing(ArmError error) =>
        error.Message.Contains("MANIFEST_UNKNOWN", StringComparison.Ordinal)
        || error.Message.Contains("manifest unknown", StringComparison.OrdinalIgnoreCase)
            || error.Message.Contains("NAME_UNKNOWN", StringComparison.Ordinal);

    [GeneratedRegex("action '([^']+)'")]
    private static partial Regex Action();

    [GeneratedRegex("scope '([^']+)'")]
    private static partial Regex Scope();

    [GeneratedRegex("namespace '([^']+)'")]
    private static partial Regex Namespace();

    [GeneratedRegex("\"policy(?:Definition|Assignment)\":\\{\"name\":\"([^\"]+)\"")]
    private static partial Regex PolicyName();
}
