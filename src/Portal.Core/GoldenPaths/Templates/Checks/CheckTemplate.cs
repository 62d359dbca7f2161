using Microsoft.Extensions.Options;
using Portal.Core.Runs;
using Portal.Core.Runs.Actions;
using Portal.Core.Shared;
using Portal.Core.Shared.Files;

namespace Portal.Core.GoldenPaths.Templates.Checks;

/// <summary>
/// Finds what is wrong with templates without running them: by their files and the portal's actions alone.
/// </summary>
public sealed class CheckTemplate(
    ActionRegistry actions, IOptions<TemplateOptions> options, IOptions<StepEnvironmentOptions> environment)
{
    /// <param name="folder">Of one template or of many, at any depth; must exist.</param>
    /// <returns>One per template folder, in the order of their paths; none when there is no template.</returns>
    public IReadOnlyList<CheckedTemplate> Check(string folder, CancellationToken cancellation)
    {
        var root = Path.GetFullPath(folder);
        var taken = new Dictionary<EntityRef, string>();
        var result = new List<CheckedTemplate>();
        foreach (var path in TemplateFolder.Find(root))
        {
            cancellation.ThrowIfCancellationRequested();
            var relative = Path.GetRelativePath(root, path) is var name && name == "." ? "" : name.Replace('\\', '/');
            result.Add(CheckFolder(path, relative, taken));
        }
        return result;
    }

    private CheckedTemplate CheckFolder(string path, string relative, Dictionary<EntityRef, string> taken)
    {
        var findings = new Findings();
        var names = new List<string>();
        foreach (var manifest in ReadManifests(path, findings, out var tree))
        {
            names.Add(manifest.Ref.Name);
            if (!taken.TryAdd(manifest.Ref, relative.Length == 0 ? manifest.File : $"{relative}/{manifest.File}"))
            {
                findings.Error(manifest.NoteAt(
                    "/metadata/name", $"The name {manifest.Ref} is taken by {taken[manifest.Ref]}.",
                    "Change metadata.name."));
            }
            CheckForm(manifest, findings);
            var check = new ManifestCheck(manifest, actions, environment.Value, findings);
            check.Run();
            ParameterUse.Check(manifest, check, findings);
            for (var i = 0; i < manifest.Spec.Steps.Count; i++) new SkeletonCheck(manifest, i, tree, findings).Run();
        }
        return new CheckedTemplate(relative, names, findings.Sorted);
    }

    private IReadOnlyList<TemplateManifest> ReadManifests(string path, Findings findings, out FileTree tree)
    {
        tree = FileTree.Empty;
        var file = TemplateFolder.ManifestFile(path)!;
        try
        {
            tree = new TemplateFolder(path, options.Value).Load();
            var (manifests, errors) = ManifestReader.Read(tree.ReadText(file) ?? "", file);
            foreach (var error in errors) findings.Error(error);
            return manifests;
        }
        catch (TemplateFolderException e)
        {
            findings.Error(e.Note);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            findings.Error(new TemplateNote(
                file, 1, "The template's folder cannot be read.",
                "Check that its files are there, and their permissions."));
        }
        return [];
    }

    private static void CheckForm(TemplateManifest manifest, Findings findings)
    {
        foreach (var note in manifest.Form.Unsupported.Concat(manifest.Form.Warnings))
        {
            findings.Warning(
                manifest.NoteAt("/spec/parameters" + note.SchemaPath, $"{note.Keyword}: {note.Message.TrimEnd('.')}."));
        }
        if (manifest.IsDeprecated && manifest.Successor is null)
        {
            findings.Warning(manifest.NoteAt(
                "/spec/lifecycle", "The template is deprecated and names no successor.",
                "Set spec.successor to the template to use instead."));
        }
    }
}
