using Portal.Core.Access;
using Portal.Core.Runs.Actions;
using Portal.Core.Shared;

namespace Portal.Core.GoldenPaths.Templates;

/// <summary>
/// Templates for who asks. One belongs to its <c>spec.owner</c>; one without, or that cannot be read, to nobody: then
/// it is for grants that hold everywhere.
/// </summary>
public sealed class ReadTemplates(TemplateCatalogue catalogue, ActionRegistry actions, Authorise authorise)
{
    /// <summary>In the order of their titles, those with errors included.</summary>
    public async Task<Result<IReadOnlyList<TemplateEntry>>> ListAsync(Actor actor, CancellationToken cancellation) =>
        (await authorise.VisibleAsync(actor, Permissions.TemplateRead, cancellation))
            .TryGet(out var visible, out var refused)
            ? Result<IReadOnlyList<TemplateEntry>>.Ok([.. catalogue.All.Where(e => visible.Has(e.Manifest?.Owner))])
            : refused;

    public async Task<Result<TemplateEntry>> FindAsync(EntityRef template, Actor actor, CancellationToken cancellation)
    {
        var entry = catalogue.Find(template);
        if (await WhyNotAsync(entry?.Manifest?.Owner, actor, cancellation) is { } refused) return refused;
        return entry is null ? TemplateErrors.NotFound(template) : entry;
    }

    /// <summary>With its files, as it is on disk now.</summary>
    /// <param name="treeHash">The version that was reviewed; null = the newest.</param>
    public async Task<Result<TemplateVersion>> FindVersionAsync(
        EntityRef template, string? treeHash, Actor actor, CancellationToken cancellation) =>
        await WhyNotAsync(catalogue.Find(template)?.Manifest?.Owner, actor, cancellation) is { } refused
            ? refused
            : await catalogue.FindVersionAsync(template, treeHash, cancellation);

    /// <summary>
    /// What steps can do. They come with the portal and are nobody's: for everybody who may read a template.
    /// </summary>
    public async Task<Result<IReadOnlyList<ActionDescription>>> ActionsAsync(
        Actor actor, CancellationToken cancellation) =>
        (await authorise.VisibleAsync(actor, Permissions.TemplateRead, cancellation)).Error is { } refused
            ? refused
            : Result<IReadOnlyList<ActionDescription>>.Ok([.. actions.All]);

    /// <summary>Of what is not there only who may read everything is told so.</summary>
    private async Task<Error?> WhyNotAsync(EntityRef? owner, Actor actor, CancellationToken cancellation) =>
        (await authorise.CheckAsync(actor, Permissions.TemplateRead, owner, cancellation)).Error;
}
