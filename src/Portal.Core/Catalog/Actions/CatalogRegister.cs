using System.Text;
using System.Text.Json.Nodes;
using Portal.Core.Entities;
using Portal.Core.Providers;
using Portal.Core.Runs;
using Portal.Core.Runs.Actions;
using Portal.Core.Shared;
using Portal.Core.Shared.Files;

namespace Portal.Core.Catalog.Actions;

/// <summary><c>catalog:register</c>.</summary>
public sealed class CatalogRegister(
    ProviderRegistry providers, CatalogRegisterEffect effect, ICatalogWriter catalog, TimeProvider time) : IAction
{
    private const string DefaultPath = "/catalog-info.yaml";

    public ActionDescription Description { get; } = new(
        "catalog:register", "Registers what a repository's catalog-info.yaml describes.",
        ActionSchema.Parse("""
        {
          "type": "object", "additionalProperties": false,
          "anyOf": [{ "required": ["repoContentsUrl"] }, { "required": ["catalogInfoUrl"] }],
          "properties": {
            "repoContentsUrl": { "type": "string", "minLength": 1, "title": "Repository", "description": "As repo:create gives it." },
            "catalogInfoPath": { "type": "string", "minLength": 1, "title": "Path", "description": "Of the descriptor in the repository.", "default": "/catalog-info.yaml" },
            "catalogInfoUrl": { "type": "string", "minLength": 1, "title": "Descriptor", "description": "Its whole address; instead of the other two." },
            "optional": { "type": "boolean", "title": "Optional", "description": "A repository without a descriptor is fine.", "default": false }
          }
        }
        """),
        ActionSchema.Parse("""
        {
          "type": "object",
          "properties": {
            "entityRef": { "type": "string", "title": "The first entity" },
            "catalogInfoUrl": { "type": "string", "title": "Where the descriptor is" }
          }
        }
        """),
        [new ActionExample("Register the component", """
            id: register
            name: Register it in the catalog
            action: catalog:register
            input:
              repoContentsUrl: ${{ steps.publish.output.repoContentsUrl }}
              catalogInfoPath: /catalog-info.yaml
            """)]);

    public async Task ExecuteAsync(ActionContext context, CancellationToken cancellation)
    {
        if (context.IsUnknown("repoContentsUrl") || context.IsUnknown("catalogInfoUrl")
            || context.IsUnknown("catalogInfoPath"))
        {
            context.LeaveToRun(Description, "Register", "catalog entity", "catalog");
            return;
        }
        var source = Source(context);
        var (host, name) = source.Repository;
        if (context is not PlanningContext plan || !plan.Repositories.ContainsKey(name))
        {
            await DemandAsync(context, host.Instance, name, cancellation);
        }
        if (await ReadAsync(context, source, cancellation) is not { } text)
        {
            var missing = $"{source.Repository.Name} has no {source.Path}.";
            if (!context.Input.Flag("optional"))
            {
                throw new ActionFailedException(
                    $"{missing} Add the descriptor to the files, correct catalogInfoPath, or set 'optional'.");
            }
            context.Log($"{missing} Nothing is registered.", RunEventType.Warning);
            return;
        }
        var args = new CatalogRegisterArgs(
            source.Repository.Host.Instance, source.Repository.Name, "url:" + source.Url, text, context.RunId,
            context.Provenance)
        {
            Files = await IncludedAsync(context, source, text, cancellation),
        };
        // The catalog is the portal's own: a plan looks at it too, and shows what would be changed.
        var (creates, changes) = await CompareAsync(args, cancellation);
        args = args with { Creates = context.IsPlan || creates, Changes = changes };
        var applied = await context.ApplyAsync(effect, source.Repository.Host.Instance, "entity", args, cancellation);
        context.TakeOutputs(applied.Outputs);
    }

    private async Task DemandAsync(
        ActionContext context, string provider, RepositoryName name, CancellationToken cancellation)
    {
        NeededRight[] needs = [CatalogRegisterEffect.ToRead(provider, name)];
        if (!context.IsPlan)
        {
            await context.DemandAsync(needs, cancellation);
            return;
        }
        // Whose the repository is its host tells, and somebody looks at a page meanwhile.
        var asked = await ProviderQuery.AskAsync(provider, ProviderQuery.Short, time, async token =>
        {
            await context.DemandAsync(needs, token);
            return true;
        }, cancellation);
        if (asked.Error is { } silent) throw new ProviderException(silent);
    }

    /// <summary>What the descriptor takes from files beside it: <c>$text: ./openapi.yaml</c>.</summary>
    private async Task<Dictionary<string, string>> IncludedAsync(
        ActionContext context, DescriptorSource source, string text, CancellationToken cancellation)
    {
        var (files, size) = (new Dictionary<string, string>(StringComparer.Ordinal), 0L);
        var paths = DescriptorIncludes.PathsIn(text);
        if (paths.Count > DescriptorLimits.MaxIncludes)
        {
            throw new ActionFailedException(
                $"{source.Path} takes its text from more than {DescriptorLimits.MaxIncludes} files. Split it, or include less.");
        }
        foreach (var path in paths)
        {
            var folder = source.Path.Contains('/') ? source.Path[..(source.Path.LastIndexOf('/') + 1)] : "";
            var file = source with { Path = Workspace.Normalise(folder + path) };
            files[path] = await ReadAsync(context, file, cancellation)
                ?? throw new ActionFailedException(
                    $"{source.Path} takes its text from {path}, and {source.Repository.Name} has no such file. Add it, or correct the path.");
            if ((size += files[path].Length) > DescriptorLimits.MaxEntitiesOfFile)
            {
                throw new ActionFailedException(
                    $"The files from which {source.Path} takes its text are longer than {DescriptorLimits.MaxEntitiesOfFile} characters together. Split it, or include less.");
            }
        }
        return files;
    }

    /// <summary>Whether all of it is new, and what becomes different where it is not.</summary>
    private async Task<(bool Creates, Dictionary<string, string> Changes)> CompareAsync(
        CatalogRegisterArgs args, CancellationToken cancellation)
    {
        var changes = new Dictionary<string, string>(StringComparer.Ordinal);
        var creates = true;
        foreach (var entity in CatalogRegisterEffect.Descriptors(args))
        {
            if (await catalog.FindDescriptorAsync(entity.Ref, cancellation) is not { } before) continue;
            creates = false;
            var after = DescriptorIncludes.Resolve(entity.Json, args.Files).AsObject();
            var different = before.Select(m => m.Key).Union(after.Select(m => m.Key), StringComparer.Ordinal)
                .SelectMany(m => Different(m, before[m], after[m])).ToList();
            if (different.Count > 0) changes[entity.Ref.ToString()] = $"changes {string.Join(", ", different)}";
        }
        return (creates, changes);
    }

    /// <summary>Down to the members of <c>metadata</c> and <c>spec</c>.</summary>
    private static IEnumerable<string> Different(string name, JsonNode? before, JsonNode? after)
    {
        if (JsonNode.DeepEquals(before, after)) return [];
        return before is JsonObject one && after is JsonObject other
            ? one.Select(m => m.Key).Union(other.Select(m => m.Key), StringComparer.Ordinal)
                .Where(m => !JsonNode.DeepEquals(one[m], other[m])).Select(m => $"{name}.{m}")
            : [name];
    }

    private DescriptorSource Source(ActionContext context)
    {
        if (context.Input.Text("repoContentsUrl") is { } repository)
        {
            var path = (context.Input.Text("catalogInfoPath") ?? DefaultPath).TrimStart('/');
            return new DescriptorSource(
                HostedRepository.Of(providers, repository), path, $"{repository.TrimEnd('/')}/{path}");
        }
        var url = context.Input.Text("catalogInfoUrl")!;
        // host/organisation/name[/blob/branch]/path: the repository is the longest part of the address that a provider
        // knows.
        for (var cut = url.LastIndexOf('/'); cut > url.IndexOf("://", StringComparison.Ordinal) + 2; cut =
            url.LastIndexOf('/', cut - 1))
        {
            if (providers.ForUrl(url[..cut]) is { } found)
            {
                return new DescriptorSource(
                    new HostedRepository(found.Host, found.Name), WithoutBranch(url[(cut + 1)..]), url);
            }
        }
        throw new ActionFailedException(
            $"No provider serves {url}. Give repoContentsUrl as repo:create gives it, and catalogInfoPath.");
    }

    private static string WithoutBranch(string path) => path.Split('/') switch
    {
        ["blob" or "tree" or "raw", _, .. var rest] when rest.Length > 0 => string.Join('/', rest),
        _ => path,
    };

    private async Task<string?> ReadAsync(
        ActionContext context, DescriptorSource source, CancellationToken cancellation)
    {
        if (context is not PlanningContext plan) return await ReadAsync(source, cancellation);
        if (plan.Repositories.TryGetValue(source.Repository.Name, out var planned))
        {
            return planned.ReadText(source.Path);
        }
        // Somebody looks at a page meanwhile.
        var looked = await ProviderQuery.AskAsync(
            source.Repository.Host.Instance, ProviderQuery.Short, time, token => ReadAsync(source, token),
            cancellation);
        return looked.TryGet(out var text, out var error) ? text : throw new ProviderException(error);
    }

    private static async Task<string?> ReadAsync(DescriptorSource source, CancellationToken cancellation)
    {
        var (host, name) = source.Repository;
        var branch = (await host.FindAsync(name, cancellation))?.DefaultBranch
            ?? throw new ActionFailedException($"There is no repository {name} to read {source.Path} from.");
        return await host.ReadFileAsync(name, branch, source.Path, cancellation) is { } bytes
            ? Encoding.UTF8.GetString(bytes)
            : null;
    }

    private sealed record DescriptorSource(HostedRepository Repository, string Path, string Url);
}
