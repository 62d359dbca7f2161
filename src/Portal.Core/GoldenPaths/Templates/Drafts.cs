using System.Text;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Portal.Core.Data;
using Portal.Core.Shared;

namespace Portal.Core.GoldenPaths.Templates;

/// <summary>
/// Forms that people are filling in. Each sees only their own; what a form marks as secret is taken out, whoever hands
/// it in.
/// </summary>
public sealed class Drafts(IDbContextFactory<PortalDbContext> database, TemplateCatalogue templates, TimeProvider time)
{
    private const int MaxSize = 1024 * 1024;

    /// <summary>The draft that the person left for this template, if any.</summary>
    public async Task<Draft?> LatestAsync(EntityRef template, Actor actor, CancellationToken cancellation)
    {
        await using var db = await database.CreateDbContextAsync(cancellation);
        var person = actor.Ref.Key;
        var draft = await db.Set<Draft>().AsNoTracking().Where(d => d.Person == person && d.Template == template.Key)
            .OrderByDescending(d => d.UpdatedAt).FirstOrDefaultAsync(cancellation);
        return draft is null ? null : Shown(draft);
    }

    public async Task<Result<Draft>> FindAsync(Guid id, Actor actor, CancellationToken cancellation)
    {
        await using var db = await database.CreateDbContextAsync(cancellation);
        var draft = await db.Set<Draft>().AsNoTracking().SingleOrDefaultAsync(
            d => d.Id == id && d.Person == actor.Ref.Key, cancellation);
        return draft is null ? NotFound(id) : Shown(draft);
    }

    public async Task<Result<Draft>> CreateAsync(
        EntityRef template, JsonObject values, Actor actor, CancellationToken cancellation)
    {
        if (actor.IsNobody) return Access.Authorise.NotSignedIn;
        if (TooLarge(values) is { } error) return error;
        if (!WithoutSecrets(template, values).TryGet(out var plain, out var unknown)) return unknown;
        var draft = new Draft
        {
            Person = actor.Ref.Key, Template = template.Key, Values = plain.ToJsonString(), UpdatedAt = time.Now()
        };
        await using var db = await database.CreateDbContextAsync(cancellation);
        db.Add(draft);
        await db.SaveChangesAsync(cancellation);
        return draft;
    }

    /// <param name="reviewedTreeHash">The version that the person is being shown; null keeps what was.</param>
    public async Task<Result<Done>> SaveAsync(
        Guid id, JsonObject values, int page, string? reviewedTreeHash, Actor actor, CancellationToken cancellation)
    {
        if (TooLarge(values) is { } error) return error;
        await using var db = await database.CreateDbContextAsync(cancellation);
        var draft =
            await db.Set<Draft>().SingleOrDefaultAsync(d => d.Id == id && d.Person == actor.Ref.Key, cancellation);
        if (draft is null) return NotFound(id);
        if (!WithoutSecrets(EntityRef.Parse(draft.Template), values).TryGet(out var plain, out var unknown))
        {
            return unknown;
        }
        (draft.Values, draft.Page, draft.UpdatedAt) = (plain.ToJsonString(), page, time.Now());
        draft.ReviewedTreeHash = reviewedTreeHash ?? draft.ReviewedTreeHash;
        await db.SaveChangesAsync(cancellation);
        return Done.Instance;
    }

    public async Task DeleteAsync(Guid id, Actor actor, CancellationToken cancellation)
    {
        await using var db = await database.CreateDbContextAsync(cancellation);
        await db.Set<Draft>().Where(d => d.Id == id && d.Person == actor.Ref.Key).ExecuteDeleteAsync(cancellation);
    }

    /// <summary>By the form as it is now. Where no form tells what is secret, nothing is kept.</summary>
    private Result<JsonObject> WithoutSecrets(EntityRef template, JsonObject values) => templates.Find(template) switch
    {
        null => TemplateErrors.NotFound(template),
        { Manifest: { } manifest } => manifest.Form.SplitSecrets(values).Values,
        { Errors: var errors } => TemplateErrors.Unreadable(template, errors),
    };

    /// <summary>The form may have made a secret of a field after the draft was kept.</summary>
    private Draft Shown(Draft draft)
    {
        var plain = WithoutSecrets(EntityRef.Parse(draft.Template), JsonNode.Parse(draft.Values)!.AsObject());
        draft.Values = plain.IsOk ? plain.Value.ToJsonString() : "{}";
        return draft;
    }

    private static Error? TooLarge(JsonObject values) => Encoding.UTF8.GetByteCount(values.ToJsonString()) <= MaxSize
        ? null
        : new Error(
            ErrorKind.TooLarge, "values-too-large", "The form's values are over 1 MB. Shorten the longest text.");

    private static Error NotFound(Guid id) =>
        Error.NotFound("draft-not-found", $"There is no draft {id} of yours. Start the form again.");
}
