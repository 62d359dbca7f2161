using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.Providers.Azure.Definitions;

namespace Portal.Providers.Azure.Environments;

/// <summary>
/// Makes an environment: a resource group with its tags, then the deployment that fills it. The same mark again takes
/// up what an interrupted call began; what fails for good is deleted again.
/// </summary>
internal sealed class CreateInAzure(AzureTools tools)
{
    private const string First = Deployment.Prefix + "1";

    public async Task<ResourceGroup> CreateAsync(CreateEnvironment request, CancellationToken cancellation)
    {
        var run = Read(request);
        var at = tools.Clients.Of(request.Type);
        var tags = PortalTags.Of(request, run.Definition, run.Size, tools.Options, tools.Time.Now());
        // All that can be wrong in the request is found before anything is made.
        var parameters = new TemplateValues(tools.Options).Of(run, tags, request.Parameters);
        var group = await GroupAsync(request, at, tags, cancellation);
        if (group.Tag(PortalTags.State) != PortalTags.Creating) return group;
        try
        {
            return await FillAsync(group, request, run, parameters, cancellation);
        }
        catch (ProviderException failed) when (!failed.IsTransient)
        {
            throw await CleanUpAsync(group, failed);
        }
    }

    public VersionToRun Read(CreateEnvironment request)
    {
        var definition = tools.Definitions.Get(
            request.Definition ?? (
                tools.Definitions.All is [var first, ..] ? first.Name : tools.Options.DefaultDefinition));
        var size = definition.Size(request.Size);
        if (definition.RunsVersion && request.Version is null)
        {
            throw ProviderException.Invalid(
                "version-missing", $"{definition.Name} runs what a pipeline built: name a pipeline run.");
        }
        return new VersionToRun(
            definition, size, request.Id, request.Type, request.Repository, request.Version, Labels(request));
    }

    private static Dictionary<string, string> Labels(CreateEnvironment request)
    {
        var labels = new Dictionary<string, string>(request.Labels, StringComparer.Ordinal);
        labels.TryAdd("service.name", request.Repository.Name);
        labels.TryAdd("deployment.environment.name", request.Name);
        return labels;
    }

    private async Task<ResourceGroup> GroupAsync(
        CreateEnvironment request, AzureSubscription at, Dictionary<string, string> tags,
        CancellationToken cancellation)
    {
        var groups = tools.Groups(at);
        var name = tools.GroupName(request.Id);
        while (true)
        {
            var found = await groups.FindAsync(name, cancellation);
            if (found is { IsBeingDeleted: true })
            {
                request.Progress?.Report($"resourceGroups/{name}: waiting until the earlier one of that name is gone");
                await groups.WaitUntilGoneAsync(name, cancellation);
                continue;
            }
            if (found is not null) return Ours(found, request) ? found : throw ProviderException.Conflict(
                "environment-exists", $"There is a resource group {name} "
                    + $"already{(found.Tag(PortalTags.Environment) is null ? ", and it is not the portal's" : "")}: "
                        + "choose another name.");
            if ((await groups.TaggedAsync(PortalTags.Environment, request.Id, cancellation)).FirstOrDefault(
                g => !g.IsBeingDeleted) is { } adopted)
            {
                throw ProviderException.Conflict(
                    "environment-exists",
                    $"There is an environment with the id {request.Id} already, in the resource group {adopted.Name}: "
                    + "choose another name.");
            }
            try
            {
                var made = await groups.CreateAsync(name, tools.Options.Location, tags, cancellation);
                request.Progress?.Report($"resourceGroups/{name}: succeeded");
                return made;
            }
            catch (ProviderException going) when (going.Error.Code == "azure-being-deleted")
            {
                await Task.Delay(tools.Interval, tools.Time, cancellation);
            }
        }
    }

    private static bool Ours(ResourceGroup group, CreateEnvironment request) =>
        group.Tag(PortalTags.Environment) == request.Id
            && group.Tag(PortalTags.Mark) == PortalTags.MarkOf(request.Mark);

    private async Task<ResourceGroup> FillAsync(
        ResourceGroup group, CreateEnvironment request, VersionToRun run, JsonObject parameters,
        CancellationToken cancellation)
    {
        var deployments = tools.Deployments(group);
        using var limited = new DeploymentTime(tools, cancellation);
        var found = await deployments.FindAsync(First, limited.Token);
        var done = await limited.RunAsync(() => found switch
        {
            { Succeeded: true } => Task.FromResult(found),
            { IsActive: true } => deployments.FollowAsync(First, request.Progress, limited.Token),
            _ => deployments.RunAsync(
                First, run.Definition.Template, parameters, DeployToAzure.TagsOf(run), request.Progress, limited.Token),
        });
        var app = RunningApps.AppOf(done.Resources);
        if (app is not null)
        {
            await limited.RunAsync(
                () => tools.Apps(group).WaitUntilHealthyAsync(
                    app, TimeSpan.FromSeconds(tools.Options.HealthTimeoutSeconds), limited.Token));
        }
        if (tools.Options.Locks(request.Type)) await tools.Groups(group.At).LockAsync(group, cancellation);
        List<(string, string)> tags =
            [(PortalTags.State, PortalTags.Running), (PortalTags.Started, tools.Now()), (PortalTags.Deployment, First)];
        if (app is not null) tags.Add((PortalTags.App, app));
        if (done.Output("url") is { Length: > 0 } url) tags.Add((PortalTags.Url, url));
        return await tools.TagAsync(group, cancellation, [.. tags]);
    }

    /// <summary>
    /// Also when the caller has given up by now. Deleting takes Azure minutes; that it has begun is enough: nobody
    /// finds it any more.
    /// </summary>
    private async Task<ProviderException> CleanUpAsync(ResourceGroup group, ProviderException failed)
    {
        try
        {
            await tools.Groups(group.At).DeleteAsync(group, wait: false, CancellationToken.None);
            return failed;
        }
        catch (ProviderException left)
        {
            tools.Logger.LogWarning(
                "{Instance}: the resource group {Group} of a failed environment stays: {Reason}", tools.Instance,
                group.Name, left.Message);
            return new ProviderException(
                failed.Error with
                {
                    Message = $"{failed.Message} The resource group {group.Name} could not be deleted again: "
                        + $"{left.Message}",
                },
                failed) { MayHaveHappened = true };
        }
    }
}
