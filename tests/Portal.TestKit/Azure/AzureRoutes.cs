namespace Portal.TestKit.Azure;

/// <summary>The routes of the stand-in by name: for its fault switches and its counts of calls.</summary>
public static class AzureRoutes
{
    public const string Token = "login.token";
    public const string GetSubscription = "subscriptions.get";
    public const string GetProvider = "providers.get";
    public const string RegisterProvider = "providers.register";
    public const string Permissions = "permissions.list";
    public const string PutGroup = "groups.put";
    public const string GetGroup = "groups.get";
    public const string ListGroups = "groups.list";
    public const string PatchGroup = "groups.patch";
    public const string DeleteGroup = "groups.delete";
    public const string PatchTags = "tags.patch";
    public const string GetTags = "tags.get";
    public const string ListResources = "resources.list";
    public const string PutLock = "locks.put";
    public const string GetLock = "locks.get";
    public const string DeleteLock = "locks.delete";
    public const string ListLocks = "locks.list";
    public const string PutDeployment = "deployments.put";
    public const string GetDeployment = "deployments.get";
    public const string ListDeployments = "deployments.list";
    public const string ListOperations = "deployments.operations";
    public const string ExportTemplate = "deployments.export";
    public const string WhatIf = "deployments.whatIf";
    public const string OperationStatus = "operations.status";
    public const string OperationResult = "operations.result";
    public const string GetResource = "resources.get";
    public const string GetRevision = "apps.revision";
    public const string StopResource = "resources.stop";
    public const string StartResource = "resources.start";
    public const string ListInstances = "sites.instances";
    public const string GetIdentity = "identities.get";
    public const string PutFederatedCredential = "federated.put";
    public const string GetFederatedCredential = "federated.get";
    public const string ListFederatedCredentials = "federated.list";
    public const string DeleteFederatedCredential = "federated.delete";
    public const string QueryCosts = "costs.query";

    /// <summary>Those that change something.</summary>
    public static IReadOnlyList<string> Changing { get; } =

        [
            PutGroup, PatchGroup, DeleteGroup, PatchTags, PutLock, DeleteLock, PutDeployment, StopResource,
            StartResource, RegisterProvider, PutFederatedCredential, DeleteFederatedCredential
        ];
}
