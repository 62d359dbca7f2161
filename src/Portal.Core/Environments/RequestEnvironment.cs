using System.Text.Json.Nodes;
using System.Xml;
using Microsoft.EntityFrameworkCore;
using Portal.Core.Data;
using Portal.Core.Delivery;
using Portal.Core.Entities;
using Portal.Core.Environments.Actions;
using Portal.Core.Environments.Actions.Operations;
using Portal.Core.Providers;
using Portal.Core.Runs;
using Portal.Core.Shared;

namespace Portal.Core.Environments;

/// <param name="Name">
/// As <see cref="EnvironmentNames"/> has it; unique among the component's living environments.
/// </param>
/// <param name="Type">One of <see cref="EnvironmentTypes"/>.</param>
/// <param name="Size">One that the definition offers; null = its smallest.</param>
/// <param name="Lifetime">Null = no end.</param>
/// <param name="Definition">One that the host offers; null = its first.</param>
/// <param name="Parameters">As the definition declares them.</param>
public sealed record EnvironmentRequest(
    EntityRef Component, string Name, string Type, string? Size, TimeSpan? Lifetime, string? Reason,
    string? Definition = null, JsonObject? Parameters = null);

/// <summary>What was asked for, as it will be made.</summary>
public sealed record EnvironmentOffer(PlannedEnvironment Environment, Money Monthly, string Working);

/// <param name="Source">Null for a definition that runs no version.</param>
public sealed record PlannedEnvironment(
    CatalogEntity Component, EntityRef Owner, IRepositoryHost Repositories, RepositoryName Repository,
    IEnvironmentHost Host, EnvironmentDefinition Definition, EnvironmentSize Size, PipelineRun? Source);

/// <summary>
/// Asks for another environment of a component that the person owns: a run that makes it from the newest passed
/// pipeline.
/// </summary>
public sealed class RequestEnvironment(
    IDbContextFactory<PortalDbContext> database, EnvironmentSubjects subjects, ProviderRegistry providers,
    EnvironmentRules rules, IEnvironmentRecords records, NewestVersion versions, StartRun start, TimeProvider time)
{
    /// <summary>Checks the request and tells its price; changes nothing.</summary>
    public async Task<Result<EnvironmentOffer>> OfferAsync(
        EnvironmentRequest request, Actor actor, CancellationToken cancellation)
    {
        await using var db = await database.CreateDbContextAsync(cancellation);
        var found = await subjects.FindAsync(db, request.Component, actor, cancellation);
        if (!found.TryGet(out var subject, out var error)) return error;
        var (component, owner, repositories, repository) = subject;
        var host = Host(repositories);
        if (rules.WhyNot(Intended(request, owner, host)) is { } invalid) return invalid;
        var definition = EnvironmentDefinitions.Get(host, request.Definition);
        if (await records.FindAsync(request.Component, request.Name, cancellation) is not null)
        {
            return EnvironmentErrors.NameTaken(request.Name, component.Name);
        }
        PipelineRun? newest = null;
        if (definition.RunsVersion)
        {
            // Of the component's own repository, not of whichever has the name by now.
            var looked = await ProviderQuery.AskAsync(
                repositories.Instance, ProviderQuery.Short, time, token => component.RepositoryId is { } own
                    ? versions.FindAsync(own, token)
                    : versions.FindAsync(repositories.Instance, repository, token), cancellation);
            if (!looked.TryGet(out newest, out var silent)) return silent;
        }
        if (newest is null && definition.RunsVersion) return EnvironmentErrors.NoPassedPipeline(repository.ToString());
        var size = definition.Get(request.Size);
        return new EnvironmentOffer(
            new PlannedEnvironment(component, owner, repositories, repository, host, definition, size, newest),
            size.PricePerHour.PerMonth(), size.Working);
    }

    /// <summary>Who would make environments of a component, and so what may be asked for.</summary>
    public async Task<Result<IEnvironmentHost>> HostOfAsync(
        EntityRef component, Actor actor, CancellationToken cancellation)
    {
        await using var db = await database.CreateDbContextAsync(cancellation);
        return (await subjects.FindAsync(db, component, actor, cancellation)).TryGet(out var subject, out var error)
            ? Result<IEnvironmentHost>.Ok(Host(subject.Repositories))
            : error;
    }

    /// <summary>
    /// Where environments of repositories of that host are made: the same instance where it can do that too, else the
    /// default.
    /// </summary>
    public IEnvironmentHost Host(IRepositoryHost repositories) =>
        providers.Find<IEnvironmentHost>(repositories.Instance) ?? providers.Default<IEnvironmentHost>();

    /// <summary>Returns the id of the run that makes it.</summary>
    public async Task<Result<Guid>> ExecuteAsync(
        EnvironmentRequest request, Actor actor, CancellationToken cancellation)
    {
        if (!(await OfferAsync(request, actor, cancellation)).TryGet(out var offer, out var error)) return error;
        var input = new JsonObject
        {
            ["repository"] = offer.Environment.Repositories.CloneUrl(offer.Environment.Repository),
            ["component"] = request.Component.ToString(), ["name"] = request.Name, ["type"] = request.Type,
            ["definition"] = offer.Environment.Definition.Name, ["size"] = offer.Environment.Size.Name,
            ["reason"] = request.Reason ?? "",
        };
        if (offer.Environment.Source is { } source) input["pipelineRun"] = source.Id;
        if (request.Parameters is { Count: > 0 } parameters) input["parameters"] = parameters.DeepClone();
        if (request.Lifetime is { } lifetime) input["lifetime"] = XmlConvert.ToString(lifetime);
        var spec = RunSpec.Own(
            "environment", $"Create environment {request.Name}", EnvironmentCreateAction.Id, input,
            new JsonObject { ["title"] = "Open", ["url"] = "${{ steps.environment.output.url }}", ["icon"] = "open" },
            new JsonObject
            {
                ["title"] = "Environment", ["url"] = "${{ steps.environment.output.environmentUrl }}",
                ["icon"] = "environment",
            });
        var title = $"Environment {request.Name} of {offer.Environment.Component.Name}";
        return await start.ExecuteAsync(
            new RunProposal(title, spec, input, offer.Environment.Owner), actor, cancellation);
    }

    private static IntendedEnvironment Intended(EnvironmentRequest request, EntityRef owner, IEnvironmentHost host) =>
        new(EnvironmentChange.Created, OperationName.Create, request.Component, request.Name, request.Type)
        {
            Owner = owner, Reason = request.Reason, Lifetime = request.Lifetime, Offered = host.Definitions,
            Definition = request.Definition, Size = request.Size, Parameters = request.Parameters,
        };
}
