using System.Text.Json.Nodes;
using Portal.Core.GoldenPaths.Forms;
using Portal.Core.Runs;
using Portal.Core.Shared;
using Portal.Core.Shared.Files;

namespace Portal.Core.GoldenPaths.Templates;

/// <summary>A template at one content: manifest and files belong together, whatever happens on the disk.</summary>
public sealed class TemplateVersion
{
    internal TemplateVersion(
        TemplateManifest manifest, FileTree tree, string source, string? commit, IReadOnlyList<TemplateNote> warnings,
        string? cannotCreate)
    {
        (Manifest, Tree, Source, Commit, Warnings, CannotCreate) =
            (manifest, tree, source, commit, warnings, cannotCreate);
    }

    public TemplateManifest Manifest { get; }

    /// <summary>The whole folder of the template.</summary>
    public FileTree Tree { get; }

    public string TreeHash => Tree.Hash;

    /// <summary>E.g. <c>file:templates/golden-paths/dotnet-web-api</c>.</summary>
    public string Source { get; }

    /// <summary>What was checked out around the folder; null outside of Git.</summary>
    public string? Commit { get; }

    public IReadOnlyList<TemplateNote> Warnings { get; }

    /// <summary>Why it can be looked at and planned, but not created; null when it can.</summary>
    public string? CannotCreate { get; }

    public EntityRef Ref => Manifest.Ref;

    public string Title => Manifest.Title;

    public FormDefinition Form => Manifest.Form;

    public RunSpec Spec => Manifest.Spec;

    /// <summary>As a run of it is pinned.</summary>
    public RunTemplate ForRun => new(Ref, Source, Commit, Tree);

    /// <summary>What a run of it would be given, for a plan.</summary>
    public RunProposal Propose(JsonObject values, JsonObject? secrets, EntityRef owner) =>
        new(Title, Spec, values, owner) { Secrets = secrets ?? [], Template = ForRun };
}
