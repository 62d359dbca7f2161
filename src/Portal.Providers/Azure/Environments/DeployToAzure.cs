using System.Text.Json.Nodes;
using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.Providers.Azure.Definitions;

namespace Portal.Providers.Azure.Environments;

/// <summary>
/// Puts another version into an environment: a further deployment with the new image. When it fails, the old one is
/// deployed again.
/// </summary>
internal sealed class DeployToAzure(AzureTools tools)
{
    public static Dictionary<string, string> TagsOf(VersionToRun run)
    {
        var tags = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [PortalTags.Environment] = run.Id, [PortalTags.Definition] = run.Definition.Name,
        };
        if (run is { Definition.RunsVersion: true, Version: { } version })
        {
            (tags[PortalTags.PipelineRun], tags[PortalTags.Commit]) = (version.PipelineRunId, version.Commit);
        }
        return tags;
    }

    public async Task<ResourceGroup> DeployAsync(
        ResourceGroup group, EnvironmentVersion version, CancellationToken cancellation)
    {
        if (group.Tag(PortalTags.PipelineRun) == version.PipelineRunId
            && group.Tag(PortalTags.State) == PortalTags.Running) return group;
        if (group.Tag(PortalTags.State) == PortalTags.Stopped)
        {
            throw ProviderException.Conflict(
                "environment-stopped",
                $"Environment {group.Tag(PortalTags.Name)} is stopped: start it before deploying to it.");
        }
        var run = Read(group, version);
        var deployments = tools.Deployments(group);
        var all = await deployments.ListAsync(cancellation);
        var before = all.LastOrDefault(d => d.Name == group.Tag(PortalTags.Deployment));
        using var limited = new DeploymentTime(tools, cancellation);
        var done = await limited.RunAsync(() => PutAsync(group, run, all, before, limited.Token));
        List<(string, string)> tags = [
            (PortalTags.PipelineRun, version.PipelineRunId), (PortalTags.Commit, version.Commit),
            (PortalTags.Deployment, done.Name), (PortalTags.Started, tools.Now())];
        if (RunningApps.AppOf(done.Resources) is { } app) tags.Add((PortalTags.App, app));
        if (done.Output("url") is { Length: > 0 } url) tags.Add((PortalTags.Url, url));
        return await tools.TagAsync(group, cancellation, [.. tags]);
    }

    private VersionToRun Read(ResourceGroup group, EnvironmentVersion version)
    {
        if (group.Tag(PortalTags.Definition) is not { } name)
        {
            throw ProviderException.Invalid(
                "environment-adopted",
                $"Environment {group.Tag(PortalTags.Name)} was taken over and has no definition of the portal: deploy "
                + "to it as before.");
        }
        var definition = tools.Definitions.Get(name);
        if (!definition.RunsVersion)
        {
            throw ProviderException.Invalid(
                "environment-runs-no-version", $"{definition.Name} runs no version of a pipeline.");
        }
        if (!RepositoryName.TryParse(group.Tag(PortalTags.Repository), out var repository))
        {
            throw ProviderException.Invalid(
                "environment-tags",
                $"The tag {PortalTags.Repository} of {group.Name} is missing or wrong: set it to organisation/name.");
        }
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        (string, string)[] kept =
        [
            ("service.name", PortalTags.Service), ("deployment.environment.name", PortalTags.Name),
            ("portal.run", PortalTags.Run), ("portal.owner", PortalTags.Owner),
        ];
        foreach (var (label, tag) in kept)
        {
            if (group.Tag(tag) is { } value) labels[label] = value;
        }
        return new VersionToRun(
            definition, definition.Size(group.Tag(PortalTags.Size) ?? ""), group.Tag(PortalTags.Environment)!,
            group.Tag(PortalTags.Type) ?? "", repository.Value, version, labels);
    }

    private async Task<Deployment> PutAsync(
        ResourceGroup group, VersionToRun run, List<Deployment> all, Deployment? before, CancellationToken cancellation)
    {
        var deployments = tools.Deployments(group);
        var last = all.LastOrDefault();
        var isSame = last is not null && last.Tag(PortalTags.PipelineRun) == run.Version!.PipelineRunId
            && last != before;
        if (last is { IsActive: true } && !isSame)
        {
            throw ProviderException.Transient(
                "azure-deployment-active",
                $"Another deployment to {group.Tag(PortalTags.Name)} is under way ({last.Name}): try again when it is "
                + "over.",
                mayHaveHappened: false);
        }
        try
        {
            var done = last switch
            {
                // An earlier call of the same began it.
                { IsActive: true } => await deployments.FollowAsync(last.Name, null, cancellation),
                { Succeeded: true } when isSame => last,
                _ => await deployments.RunAsync(
                    NameAfter(all), run.Definition.Template, Parameters(group, run, before), TagsOf(run), null,
                    cancellation),
            };
            if (RunningApps.AppOf(done.Resources) is { } app)
            {
                await tools.Apps(group).WaitUntilHealthyAsync(
                    app, TimeSpan.FromSeconds(tools.Options.HealthTimeoutSeconds), cancellation);
            }
            return done;
        }
        catch (ProviderException failed) when (!failed.IsTransient)
        {
            throw await BackAsync(group, before, failed, cancellation);
        }
    }

    private JsonObject Parameters(ResourceGroup group, VersionToRun run, Deployment? before) =>
        new TemplateValues(tools.Options).Of(
            run, group.Tags, before is null ? null : TemplateValues.ChosenIn(run.Definition, before.Parameters));

    /// <summary>The template and the parameters of the deployment whose version serves, once more.</summary>
    private async Task<ProviderException> BackAsync(
        ResourceGroup group, Deployment? before, ProviderException failed, CancellationToken cancellation)
    {
        if (before is null) return failed;
        try
        {
            var deployments = tools.Deployments(group);
            var all = await deployments.ListAsync(cancellation);
            // The version was refused before anything of it was begun.
            if (all.LastOrDefault()?.Name == before.Name) return failed;
            var template = await deployments.TemplateAsync(before.Name, cancellation)
                ?? throw ProviderException.NotFound("azure-not-found", $"Its template ({before.Name}) is gone.");
            var tags = (before.Raw["tags"] as JsonObject ?? [])
                .ToDictionary(t => t.Key, t => t.Value?.ToString() ?? "", StringComparer.Ordinal);
            var back = await deployments.RunAsync(
                NameAfter(all), template, new TemplateValues(tools.Options).Again(before.Parameters), tags, null,
                cancellation);
            await tools.TagAsync(group, cancellation, (PortalTags.Deployment, back.Name));
            return failed;
        }
        catch (ProviderException left)
        {
            return new ProviderException(
                failed.Error with
                {
                    Message = $"{failed.Message} The old version could not be put back: {left.Message}",
                },
                failed) { MayHaveHappened = true };
        }
    }

    private static string NameAfter(List<Deployment> all) => Deployment.Prefix + (
        (all.LastOrDefault()?.Number ?? 0) + 1).ToString(System.Globalization.CultureInfo.InvariantCulture);
}
