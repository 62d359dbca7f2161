using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.Providers.Azure.Definitions;

namespace Portal.Providers.Azure.Environments;

/// <summary>
/// The tags of a resource group that are an environment of the portal: they are all that the adapter keeps. Names are
/// of letters and dashes, values at most 256 characters, as Azure wants them.
/// </summary>
internal static class PortalTags
{
    public const string Prefix = "portal-";
    public const string Environment = "portal-environment";
    public const string Mark = "portal-mark";
    public const string Run = "portal-run";
    public const string Name = "portal-name";
    public const string Service = "portal-service";
    public const string Type = "portal-type";
    public const string Owner = "portal-owner";
    public const string CostCentre = AzureOptions.CostCentreTag;
    public const string Expires = "portal-expires";
    public const string Repository = "portal-repository";
    public const string PipelineRun = "portal-pipeline-run";
    public const string Commit = "portal-commit";
    public const string Definition = "portal-definition";
    public const string Size = "portal-size";
    public const string Created = "portal-created";
    public const string Started = "portal-started";
    public const string State = "portal-state";
    public const string Url = "portal-url";

    /// <summary>Name of the deployment whose version serves.</summary>
    public const string Deployment = "portal-deployment";

    /// <summary>Resource id of what answers.</summary>
    public const string App = "portal-app";

    public const string Creating = "creating";
    public const string Running = "running";
    public const string Stopped = "stopped";

    private const int MaxValue = 256;

    /// <summary>On each resource too, where the bill can be grouped by them.</summary>
    private static readonly string[] Shared = [Environment, Service, Type, Owner, CostCentre, Run];

    public static Dictionary<string, string> Of(
        CreateEnvironment request, DefinitionFile definition, EnvironmentSize size, AzureOptions options,
        DateTimeOffset now)
    {
        var tags = Of(
            request.Id, request.Name, request.Type, request.Repository, request.Mark, request.Labels, options, now);
        (tags[Definition], tags[Size], tags[State]) = (definition.Name, size.Name, Creating);
        if (definition.RunsVersion && request.Version is { } version)
        {
            (tags[PipelineRun], tags[Commit]) = (version.PipelineRunId, version.Commit);
        }
        return tags.ToDictionary(t => t.Key, t => Cut(t.Value), StringComparer.Ordinal);
    }

    public static Dictionary<string, string> Of(
        string id, string name, string type, RepositoryName repository, string mark,
        IReadOnlyDictionary<string, string> labels, AzureOptions options, DateTimeOffset now)
    {
        var tags = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [Environment] = id, [Mark] = MarkOf(mark), [Name] = name, [Type] = type,
            [Repository] = repository.ToString(), [Created] = Moment(now),
        };
        (string, string)[] kept =
        [
            ("portal.run", Run), ("service.name", Service), ("portal.owner", Owner), ("portal.cost-centre", CostCentre),
            ("portal.expires", Expires),
        ];
        foreach (var (label, tag) in kept)
        {
            if (labels.GetValueOrDefault(label) is { Length: > 0 } value) tags[tag] = Cut(value);
        }
        tags.TryAdd(Service, repository.Name);
        if (!tags.ContainsKey(CostCentre) && tags.TryGetValue(Owner, out var owner)
            && Centre(owner, options) is { } centre) tags[CostCentre] = centre;
        return tags;
    }

    /// <summary>A mark that is longer than a tag may be is kept as its hash.</summary>
    public static string MarkOf(string mark) =>
        mark.Length <= MaxValue ? mark : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(mark)));

    public static Dictionary<string, string> ForResources(IReadOnlyDictionary<string, string> group) =>
        Shared.Where(group.ContainsKey).ToDictionary(tag => tag, tag => group[tag], StringComparer.Ordinal);

    public static string Moment(DateTimeOffset moment) =>
        moment.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture);

    public static DateTimeOffset? Moment(IReadOnlyDictionary<string, string> tags, string tag) =>
        DateTimeOffset.TryParse(
            tags.GetValueOrDefault(tag), CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var moment) ? moment : null;

    /// <summary>The environment as its tags tell it; null for a group that is none, or on its way out.</summary>
    public static EnvironmentInfo? Describe(ResourceGroup group)
    {
        var tags = group.Tags;
        if (!tags.TryGetValue(Environment, out var id) || group.IsBeingDeleted
            || !RepositoryName.TryParse(tags.GetValueOrDefault(Repository), out var repository)) return null;
        var status = tags.GetValueOrDefault(State) switch
        {
            Running => EnvironmentStatus.Running,
            Stopped => EnvironmentStatus.Stopped,
            _ => EnvironmentStatus.Creating,
        };
        return new EnvironmentInfo(
            id, tags.GetValueOrDefault(Name)
                ?? id, repository.Value, status, tags.GetValueOrDefault(Url), tags.GetValueOrDefault(Commit),
                tags.GetValueOrDefault(PipelineRun),
            tags.GetValueOrDefault(Size) ?? "", tags.GetValueOrDefault(Mark), 0, null, Moment(tags, Created)
                ?? default, Moment(tags, Started));
    }

    /// <summary>By the team's name or by its whole reference.</summary>
    private static string? Centre(string owner, AzureOptions options) =>
        options.CostCentres.GetValueOrDefault(owner[(owner.LastIndexOfAny(['/', ':']) + 1)..])
            ?? options.CostCentres.GetValueOrDefault(owner);

    private static string Cut(string value) => value.Length <= MaxValue ? value : value[..MaxValue];
}
