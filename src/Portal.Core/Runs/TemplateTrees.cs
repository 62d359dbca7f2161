using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Portal.Core.Data;
using Portal.Core.Shared;
using Portal.Core.Shared.Files;

namespace Portal.Core.Runs;

/// <summary>
/// The files of template versions by their hash: the newest in memory, those in use in the database for good.
/// </summary>
public sealed class TemplateTrees(IDbContextFactory<PortalDbContext> database, TimeProvider time)
{
    private const int Kept = 64;

    private readonly ConcurrentDictionary<string, FileTree> memory = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> order = new();
    private readonly ConcurrentDictionary<string, bool> stored = new(StringComparer.Ordinal);

    public void Remember(FileTree tree)
    {
        if (!memory.TryAdd(tree.Hash, tree)) return;
        order.Enqueue(tree.Hash);
        while (memory.Count > Kept && order.TryDequeue(out var oldest)) memory.TryRemove(oldest, out _);
    }

    /// <summary>Null when no run has used it and it is not among the newest.</summary>
    public async Task<FileTree?> FindAsync(string hash, CancellationToken cancellation)
    {
        if (memory.TryGetValue(hash, out var known)) return known;
        await using var db = await database.CreateDbContextAsync(cancellation);
        var archive = await db.Set<TemplateTree>().Where(t => t.Hash == hash).Select(t => t.Archive)
            .SingleOrDefaultAsync(cancellation);
        if (archive is null) return null;
        var tree = FileTree.FromArchive(archive);
        Remember(tree);
        return tree;
    }

    /// <summary>Whether a run of the template had these files from that source.</summary>
    public async Task<bool> WasUsedAsync(string hash, EntityRef template, string source, CancellationToken cancellation)
    {
        await using var db = await database.CreateDbContextAsync(cancellation);
        return await db.Set<Run>().AnyAsync(
            r => r.TemplateTreeHash == hash && r.Template == template.Key && r.TemplateSource == source, cancellation);
    }

    /// <summary>Keeps it for good; again does nothing.</summary>
    public async Task StoreAsync(FileTree tree, CancellationToken cancellation)
    {
        Remember(tree);
        if (stored.ContainsKey(tree.Hash)) return;
        await using var db = await database.CreateDbContextAsync(cancellation);
        if (!await db.Set<TemplateTree>().AnyAsync(t => t.Hash == tree.Hash, cancellation))
        {
            var (hash, archive, now) = (tree.Hash, tree.ToArchive(), time.Now());
            await db.Database.ExecuteSqlAsync(
                $"insert into template_trees (hash, archive, created_at) values ({hash}, {archive}, {now}) on conflict do nothing",
                cancellation);
        }
        stored[tree.Hash] = true;
    }
}
