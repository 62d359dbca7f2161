using Azure;
using Azure.Core;
using Azure.ResourceManager;
using Azure.ResourceManager.Resources;
using Azure.ResourceManager.Resources.Models;
using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.Providers.Azure.Arm;

namespace Portal.Providers.Azure.Environments;

/// <param name="State">Its provisioning state: Succeeded, Deleting …</param>
internal sealed record ResourceGroup(
    AzureSubscription At, string Id, string Name, string Location, IReadOnlyDictionary<string, string> Tags,
    string State)
{
    public bool IsBeingDeleted =>
        State.Equals("Deleting", StringComparison.OrdinalIgnoreCase)
        || State.Equals("Deprovisioning", StringComparison.OrdinalIgnoreCase);

    /// <summary>Id of what keeps it, where that is another resource (a cluster, a dev center).</summary>
    public string? ManagedBy { get; init; }

    public string Path => At.Arm.GroupPath(Name);

    public string? Tag(string name) => Tags.GetValueOrDefault(name);
}

/// <summary>The resource groups of one subscription, with their tags and locks.</summary>
internal sealed class ResourceGroups(AzureSubscription at, TimeProvider time, TimeSpan interval)
{
    private const string LockName = "portal";

    private ArmApi Arm => at.Arm;

    private SubscriptionResource Subscription =>
        Arm.Client.GetSubscriptionResource(SubscriptionResource.CreateResourceIdentifier(Arm.Subscription));

    /// <summary>
    /// What Azure takes as the name of one: up to 90 letters and digits of any alphabet, dots, dashes, underscores and
    /// parentheses, no dot at the end. Nothing else may stand in an address.
    /// </summary>
    public static bool IsName(string name) =>
        name.Length is > 0 and <= 90 && name[^1] != '.'
            && name.All(c => char.IsLetterOrDigit(c) || c is '.' or '-' or '_' or '(' or ')');

    public async Task<ResourceGroup?> FindAsync(string name, CancellationToken cancellation)
    {
        try
        {
            return Of((await Arm.Failures.ReadAsync(
                Arm.GroupPath(name), () => Subscription.GetResourceGroups().GetAsync(name, cancellation))).Value.Data);
        }
        catch (ProviderException missing) when (
            missing.Error.Kind == ErrorKind.NotFound && missing.Error.Code != "azure-subscription")
        {
            return null;
        }
    }

    /// <param name="value">Null = any.</param>
    public Task<List<ResourceGroup>> TaggedAsync(string tag, string? value, CancellationToken cancellation) =>
        ListAsync(
            value is null
            ? $"tagName eq '{tag}'"
            : $"tagName eq '{tag}' and tagValue eq '{value.Replace("'", "''", StringComparison.Ordinal)}'",
            cancellation);

    public Task<List<ResourceGroup>> ListAsync(string? filter, CancellationToken cancellation) =>
        Arm.Failures.ReadAsync($"{Arm.SubscriptionPath}/resourceGroups", async () =>
        {
            var found = new List<ResourceGroup>();
            await foreach (var group
                in Subscription.GetResourceGroups().GetAllAsync(filter, cancellationToken: cancellation))
            {
                found.Add(Of(group.Data));
            }
            return found;
        });

    /// <summary>With its tags in the creating call. The same again changes nothing.</summary>
    public Task<ResourceGroup> CreateAsync(
        string name, string location, IReadOnlyDictionary<string, string> tags, CancellationToken cancellation) =>
        Arm.Failures.GuardAsync(RequestMethod.Put, Arm.GroupPath(name), async () =>
        {
            var data = new ResourceGroupData(new AzureLocation(location));
            foreach (var (tag, value) in tags) data.Tags[tag] = value;
            return Of((await Subscription.GetResourceGroups().CreateOrUpdateAsync(
                WaitUntil.Completed, name, data, cancellation)).Value.Data);
        });

    /// <summary>These tags get these values; the others stay.</summary>
    public Task MergeTagsAsync(
        ResourceGroup group, IReadOnlyDictionary<string, string> tags,
        CancellationToken cancellation) => PatchTagsAsync(group, TagPatchMode.Merge, tags, cancellation);

    /// <summary>These tags and no others.</summary>
    public Task ReplaceTagsAsync(
        ResourceGroup group, IReadOnlyDictionary<string, string> tags,
        CancellationToken cancellation) => PatchTagsAsync(group, TagPatchMode.Replace, tags, cancellation);

    /// <summary>
    /// Begins to delete it with everything in it; the portal's own lock goes first. Gone or going already is fine.
    /// </summary>
    /// <param name="wait">Until it is gone.</param>
    public async Task DeleteAsync(ResourceGroup group, bool wait, CancellationToken cancellation)
    {
        try
        {
            await DeleteAsync(group.Name, wait, cancellation);
        }
        catch (ProviderException locked) when (locked.Error.Code == "azure-locked")
        {
            if (!await UnlockAsync(group, cancellation)) throw;
            await DeleteAsync(group.Name, wait, cancellation);
        }
    }

    private async Task DeleteAsync(string name, bool wait, CancellationToken cancellation)
    {
        try
        {
            await Arm.Failures.GuardAsync(RequestMethod.Delete, Arm.GroupPath(name), async () =>
            {
                var deletion = await Resource(name).DeleteAsync(WaitUntil.Started, cancellationToken: cancellation);
                if (wait) await deletion.WaitForCompletionResponseAsync(interval, cancellation);
                return true;
            });
        }
        catch (ProviderException gone) when (gone.Error.Kind == ErrorKind.NotFound)
        {
        }
        catch (ProviderException going) when (going.Error.Code == "azure-being-deleted")
        {
            if (wait) await WaitUntilGoneAsync(name, cancellation);
        }
    }

    public async Task WaitUntilGoneAsync(string name, CancellationToken cancellation)
    {
        while (await FindAsync(name, cancellation) is { IsBeingDeleted: true })
        {
            await Task.Delay(interval, time, cancellation);
        }
    }

    public Task LockAsync(ResourceGroup group, CancellationToken cancellation) =>
        Arm.Failures.GuardAsync(RequestMethod.Put, $"{group.Path}/locks", async () =>
        {
            var data = new ManagementLockData(ManagementLockLevel.CanNotDelete)
            {
                Notes = "Set by the portal. Destroying the environment there removes it.",
            };
            return await Resource(group.Name).GetManagementLocks()
                .CreateOrUpdateAsync(WaitUntil.Completed, LockName, data, cancellation);
        });

    /// <summary>The portal's own lock; others stay, and keep the group.</summary>
    /// <returns>False when there was none.</returns>
    private async Task<bool> UnlockAsync(ResourceGroup group, CancellationToken cancellation)
    {
        try
        {
            return await Arm.Failures.GuardAsync(RequestMethod.Delete, $"{group.Path}/locks", async () =>
            {
                var id = ManagementLockResource.CreateResourceIdentifier(group.Path, LockName);
                return (await Arm.Client.GetManagementLockResource(id).DeleteAsync(WaitUntil.Completed, cancellation))
                    .GetRawResponse().Status == 200;
            });
        }
        catch (ProviderException missing) when (missing.Error.Kind == ErrorKind.NotFound)
        {
            return false;
        }
    }

    private Task PatchTagsAsync(
        ResourceGroup group, TagPatchMode mode, IReadOnlyDictionary<string, string> tags,
        CancellationToken cancellation) =>
        Arm.Failures.GuardAsync(RequestMethod.Patch, $"{group.Path}/tags", async () =>
        {
            var patch = new TagResourcePatch { PatchMode = mode };
            foreach (var (tag, value) in tags) patch.TagValues[tag] = value;
            return await Resource(group.Name).GetTagResource().UpdateAsync(WaitUntil.Completed, patch, cancellation);
        });

    private ResourceGroupResource Resource(string name) =>
        Arm.Client.GetResourceGroupResource(ResourceGroupResource.CreateResourceIdentifier(Arm.Subscription, name));

    private ResourceGroup Of(ResourceGroupData data) =>
        new(
            at, data.Id.ToString(), data.Name, data.Location.Name,
            new Dictionary<string, string>(data.Tags, StringComparer.OrdinalIgnoreCase),
            data.ResourceGroupProvisioningState ?? "")
        {
            ManagedBy = data.ManagedBy,
        };
}
