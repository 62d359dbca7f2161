using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Portal.Core.Runs;
using Portal.Core.Shared;
using Portal.Core.Shared.Files;

namespace Portal.Core.GoldenPaths.Templates;

/// <summary>The templates in the configured folders, as they are on disk now; older versions by their hash.</summary>
public sealed class TemplateCatalogue(
    IOptions<TemplateOptions> options, TemplateReview review, TemplateTrees trees, ILogger<TemplateCatalogue> log)
{
    private const int KeptVersions = 64;

    /// <summary>Source of an older version of which nobody can tell where it came from.</summary>
    private const string Stored = "stored";

    private readonly TemplateOptions settings = options.Value;
    private readonly Lock scanning = new();
    private readonly ConcurrentDictionary<(string Key, string Hash), TemplateVersion> versions = new();
    private IReadOnlyList<TemplateEntry> scanned = [];
    private volatile IReadOnlyList<TemplateEntry>? entries;

    /// <summary>Raised after <see cref="All"/> changed, on the thread that noticed it.</summary>
    public event Action? Changed;

    /// <summary>In the order of their titles, those with errors included.</summary>
    public IReadOnlyList<TemplateEntry> All => entries ?? Scan();

    public TemplateEntry? Find(EntityRef reference) => All.FirstOrDefault(e => e.Ref == reference);

    /// <summary>Looks at the disk; true when something is different now.</summary>
    public bool Refresh()
    {
        var before = entries;
        var now = Scan();
        if (ReferenceEquals(before, now)) return false;
        if (before is not null) log.LogInformation("Templates changed: {Count} are there now", now.Count);
        Changed?.Invoke();
        return true;
    }

    /// <summary>The template with its files, as it is on disk now.</summary>
    public Task<Result<TemplateVersion>> FindVersionAsync(EntityRef reference, CancellationToken cancellation) =>
        FindVersionAsync(reference, null, cancellation);

    /// <param name="treeHash">The version that was reviewed; null = as it is on disk now.</param>
    public async Task<Result<TemplateVersion>> FindVersionAsync(
        EntityRef reference, string? treeHash, CancellationToken cancellation)
    {
        if (treeHash is not null && versions.TryGetValue((reference.Key, treeHash), out var known)) return known;
        var entry = Find(reference);
        if (entry is null && treeHash is null) return TemplateErrors.NotFound(reference);
        if (entry is not null)
        {
            var current = entry.Load();
            if (current.IsOk) Remember(current.Value);
            if (treeHash is null || current.IsOk && current.Value.TreeHash == treeHash) return current;
        }
        if (await trees.FindAsync(treeHash!, cancellation) is not { } tree) return TemplateErrors.Changed(reference);
        // The name may have belonged to another source then, and a source decides what secrets a run gets.
        var source = entry is not null
            && await trees.WasUsedAsync(treeHash!, reference, entry.Source, cancellation) ? entry.Source : Stored;
        var older = TemplateEntry.Build(tree, reference, source, null, review.Of);
        if (older.IsOk) Remember(older.Value);
        return older;
    }

    /// <summary>A template that somebody hands in with its files, to be planned only.</summary>
    public Result<TemplateVersion> Inline(JsonObject manifest, FileTree files)
    {
        // JSON is YAML too.
        var (manifests, errors) = ManifestReader.Read(manifest.ToJsonString(Json.Indented), "template.yaml");
        if (manifests is not [var one]) return Error.Invalid("template-invalid", string.Join(" ", errors));
        var (warnings, cannotCreate) = review.Of(one);
        return new TemplateVersion(one, files, "request", null, warnings, cannotCreate);
    }

    /// <summary>
    /// Keeps the version's files for good. Ask for it when a version is reviewed, so that Create finds exactly that.
    /// </summary>
    public Task StoreTreeAsync(TemplateVersion version, CancellationToken cancellation) =>
        trees.StoreAsync(version.Tree, cancellation);

    private void Remember(TemplateVersion version)
    {
        if (versions.Count >= KeptVersions) versions.Clear();
        versions[(version.Ref.Key, version.TreeHash)] = version;
        trees.Remember(version.Tree);
    }

    private IReadOnlyList<TemplateEntry> Scan()
    {
        lock (scanning)
        {
            var known = scanned.ToLookup(e => e.FolderPath, StringComparer.Ordinal);
            var found = new List<TemplateEntry>();
            foreach (var source in settings.EffectiveSources)
            {
                var path = Path.GetFullPath(source, settings.RootFolder);
                foreach (var folder in FoldersOf(path)) found.AddRange(EntriesOf(folder, known[folder].ToList()));
            }
            var result = found.OrderBy(e => e.Title, StringComparer.OrdinalIgnoreCase)
                .ThenBy(e => e.Source, StringComparer.Ordinal).ToList();
            if (entries is { } before && scanned.SequenceEqual(result)) return before;
            scanned = result;
            return entries = NameOnce(result);
        }
    }

    private List<string> FoldersOf(string path)
    {
        try
        {
            if (Directory.Exists(path)) return TemplateFolder.Find(path).ToList();
            log.LogWarning("There is no template folder {Path}; see {Section}:Sources", path, TemplateOptions.Section);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            log.LogWarning("The template folder {Path} cannot be read: {Reason}", path, e.Message);
        }
        return [];
    }

    private IReadOnlyList<TemplateEntry> EntriesOf(string path, List<TemplateEntry> known)
    {
        var folder = new TemplateFolder(path, settings);
        try
        {
            var stamp = folder.Stamp(out var problem);
            if (known.Count > 0 && known[0].Stamp == stamp) return known;
            var file = TemplateFolder.ManifestFile(path)!;
            var (manifests, errors) = problem is { } tooLarge && tooLarge.File == file
                ? ([], [tooLarge])
                : ManifestReader.Read(File.ReadAllText(Path.Combine(path, file)), file);
            var wrong = problem is null ? errors : [problem, .. errors];
            var source = SourceOf(path);
            if (manifests.Count == 0)
            {
                return [new TemplateEntry(folder, NameOf(path), source, stamp, null, wrong, review.Of)];
            }
            return [.. manifests.Select(m => new TemplateEntry(folder, m.Ref, source, stamp, m, wrong, review.Of))];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            var note = new TemplateNote(
                "template.yaml", 1, "The template cannot be read.",
                "Check that its files are there, and their permissions.");
            log.LogWarning("The template {Path} cannot be read: {Reason}", path, e.Message);
            return [new TemplateEntry(folder, NameOf(path), SourceOf(path), "", null, [note], review.Of)];
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // One template that the portal stumbles over must not keep all others from being seen.
            var note = new TemplateNote(
                "template.yaml", 1, "The portal made a mistake in reading this template; its log has the details.");
            log.LogError(e, "The template {Path} could not be read by a fault of the portal", path);
            return [new TemplateEntry(folder, NameOf(path), SourceOf(path), "", null, [note], review.Of)];
        }
    }

    /// <summary>Of two templates with one name the first in path order has it; the other says so.</summary>
    private List<TemplateEntry> NameOnce(List<TemplateEntry> found)
    {
        var taken = new Dictionary<string, TemplateEntry>(StringComparer.Ordinal);
        foreach (var entry in found.OrderBy(e => e.Source, StringComparer.Ordinal)) taken.TryAdd(entry.Ref.Key, entry);
        return found.ConvertAll(e => taken[e.Ref.Key] is var first && first == e
            || e.Errors.Count > 0 ? e : new TemplateEntry(
            new TemplateFolder(e.FolderPath, settings), NameOf(e.FolderPath), e.Source, e.Stamp, null,
            [new TemplateNote(
                "template.yaml", 1, $"The name {e.Ref} is taken by {first.Source}.",
                "Change metadata.name.")], review.Of));
    }

    private string SourceOf(string path)
    {
        var relative = Path.GetRelativePath(settings.RootFolder, path);
        return "file:" + (relative.StartsWith("..", StringComparison.Ordinal) ? path : relative).Replace('\\', '/');
    }

    private static EntityRef NameOf(string path) =>
        new("Template", EntityRef.DefaultNamespace, Path.GetFileName(path.TrimEnd('/')));
}
