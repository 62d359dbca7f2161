using System.Text.Json.Nodes;
using System.Xml;
using Microsoft.EntityFrameworkCore;
using Portal.Core.Data;
using Portal.Core.Delivery;
using Portal.Core.Entities;
using Portal.Core.Environments.Actions;
using Portal.Core.Providers;
using Portal.Core.Runs;
using Portal.Core.Schema;
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
    IEnvironmentRecords records, NewestVersion versions, StartRun start, TimeProvider time)
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
        var definition = host.Definitions.FirstOrDefault(d => d.Name == request.Definition) ?? host.Definitions[0];
        if (Wrong(request, host, definition) is { } invalid) return invalid;
        if (await records.FindAsync(request.Component, request.Name, cancellation) is not null)
        {
            return EnvironmentErrors.NameTaken(request.Name, component.Name);
        }
        PipelineRun? newest = null;
        if (definition.RunsVersion)
        {
            // Of the component's own repository, not of whichever has the name by now.
            var looked = await ProviderLook.AskAsync(
                repositories.Instance, ProviderLook.Short, time, token => component.RepositoryId is { } own
                    ? versions.FindAsync(own, token)
                    : versions.FindAsync(repositories.Instance, repository, token), cancellation);
            if (!looked.TryGet(out newest, out var silent)) return silent;
        }
        if (newest is null && definition.RunsVersion) return EnvironmentErrors.NoPassedPipeline(repository.ToString());
        var size = definition.Sizes.First(s => request.Size is null || s.Name == request.Size);
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

    private static Error? Wrong(EnvironmentRequest request, IEnvironmentHost host, EnvironmentDefinition definition)
    {
        var fields = new List<FieldError>(WrongNames(request.Name, request.Type, request.Reason));
        if (request.Definition is not null && definition.Name != request.Definition)
        {
            fields.Add(ChooseOne("/definition", host.Definitions.Select(d => d.Name)));
        }
        if (request.Size is not null && definition.Sizes.All(s => s.Name != request.Size))
        {
            fields.Add(ChooseOne("/size", definition.Sizes.Select(s => s.Name)));
        }
        var parameters = JsonSchema.Parse((JsonObject)definition.Parameters.DeepClone());
        foreach (var wrong in parameters.Validate(request.Parameters ?? []))
        {
            fields.Add(new FieldError($"/parameters{wrong.FieldPath}", $"{wrong.Message}."));
        }
        if (request.Lifetime is { } life && !EnvironmentLifetimes.Allows(life))
        {
            fields.Add(new FieldError("/lifetime", EnvironmentLifetimes.Rule));
        }
        return fields.Count == 0
            ? null
            : Error.Invalid("request-invalid", "The request has mistakes.") with { Fields = fields };
    }

    /// <summary>What is wrong with what every environment has, however it comes about.</summary>
    internal static IEnumerable<FieldError> WrongNames(string name, string type, string? reason)
    {
        if (!EnvironmentNames.Allows(name)) yield return new FieldError("/name", EnvironmentNames.Rule);
        if (!EnvironmentTypes.All.Contains(type)) yield return ChooseOne("/type", EnvironmentTypes.All);
        if (reason is { Length: > 500 }) yield return new FieldError("/reason", "Keep it under 500 characters.");
    }

    private static FieldError ChooseOne(string path, IEnumerable<string> of) =>
        new(path, $"Choose one of {string.Join(", ", of)}.");
}
