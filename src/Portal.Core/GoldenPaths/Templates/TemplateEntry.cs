using Portal.Core.Shared;
using Portal.Core.Shared.Files;

namespace Portal.Core.GoldenPaths.Templates;

/// <summary>
/// A template as the gallery shows it, also one that cannot be read: then it says where and what to change.
/// </summary>
public sealed class TemplateEntry
{
    private readonly TemplateFolder folder;
    private readonly Func<TemplateManifest, (IReadOnlyList<TemplateNote> Warnings, string? CannotCreate)> review;
    private readonly Lock gate = new();
    private Result<TemplateVersion>? loaded;

    internal TemplateEntry(
        TemplateFolder folder, EntityRef reference, string source, string stamp, TemplateManifest? manifest,
        IReadOnlyList<TemplateNote> errors,
        Func<TemplateManifest, (IReadOnlyList<TemplateNote>, string?)> review)
    {
        (this.folder, this.review) = (folder, review);
        (Ref, Source, Stamp, Manifest, Errors) = (reference, source, stamp, manifest, errors);
        (Warnings, CannotCreate) = manifest is null ? ([], null) : review(manifest);
        if (errors.Count > 0) CannotCreate = $"The template has an error: {errors[0]}";
    }

    /// <summary>Of a template without a readable name: that of its folder.</summary>
    public EntityRef Ref { get; }

    public string Title => Manifest?.Title ?? Ref.Name;

    /// <summary>Null when it cannot be read.</summary>
    public TemplateManifest? Manifest { get; }

    /// <summary>E.g. <c>file:templates/golden-paths/dotnet-web-api</c>.</summary>
    public string Source { get; }

    /// <summary>With an error nothing can be done with it but mend it.</summary>
    public IReadOnlyList<TemplateNote> Errors { get; }

    public IReadOnlyList<TemplateNote> Warnings { get; }

    /// <summary>Why nothing can be created from it; null when it can.</summary>
    public string? CannotCreate { get; }

    public bool CanCreate => CannotCreate is null;

    internal string Stamp { get; }

    internal string FolderPath => folder.Path;

    /// <summary>Its files and manifest as they are now on disk, read once.</summary>
    public Result<TemplateVersion> Load()
    {
        if (Errors.Count > 0) return TemplateErrors.Unreadable(Ref, Errors);
        lock (gate) return loaded ??= Read();
    }

    private Result<TemplateVersion> Read()
    {
        try
        {
            var tree = ReadWhole();
            return Build(tree, Ref, Source, GitCommit.Of(folder.Path), review);
        }
        catch (TemplateFolderException e)
        {
            return TemplateErrors.Unreadable(Ref, [e.Note]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return TemplateErrors.Unreadable(Ref, [new TemplateNote(
                "", 0, "Its folder cannot be read.", "Check that it is there, and its permissions.")]);
        }
    }

    /// <summary>
    /// A folder that is being written while it is read is read again, so that no version mixes two states.
    /// </summary>
    private FileTree ReadWhole()
    {
        var before = folder.Stamp(out _);
        for (var attempt = 0; ; attempt++)
        {
            var tree = folder.Load();
            var after = folder.Stamp(out _);
            if (after == before || attempt == 5) return tree;
            before = after;
        }
    }

    /// <summary>The version whose files these are.</summary>
    internal static Result<TemplateVersion> Build(
        FileTree tree, EntityRef reference, string source, string? commit,
        Func<TemplateManifest, (IReadOnlyList<TemplateNote> Warnings, string? CannotCreate)> review)
    {
        var file = tree.TryGet("template.yaml", out _) ? "template.yaml" : "template.yml";
        if (tree.ReadText(file) is not { } text)
        {
            return TemplateErrors.Unreadable(
                reference, [new TemplateNote("template.yaml", 1, "There is no template.yaml.")]);
        }
        var (manifests, errors) = ManifestReader.Read(text, file);
        if (manifests.FirstOrDefault(m => m.Ref == reference) is not { } manifest)
        {
            return TemplateErrors.Unreadable(
                reference,
                errors.Count > 0 ? errors : [new TemplateNote(file, 1, $"It has no template {reference} any more.")]);
        }
        var (warnings, cannotCreate) = review(manifest);
        return new TemplateVersion(manifest, tree, source, commit, warnings, cannotCreate);
    }
}
