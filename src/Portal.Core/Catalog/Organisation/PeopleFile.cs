using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Portal.Core.Access;
using Portal.Core.Entities;
using Portal.Core.Shared;

namespace Portal.Core.Catalog.Organisation;

/// <summary>How the file was found at the last look.</summary>
/// <param name="Path">Null where none is set.</param>
/// <param name="ReadAt">When what it says was taken; null before.</param>
/// <param name="Problems">What could not be taken and why, a sentence each.</param>
public sealed record PeopleFileState(
    string? Path, DateTimeOffset? ReadAt, int People, int Teams, IReadOnlyList<string> Problems);

/// <summary>
/// The people and teams of <c>Portal:Catalog:PeopleFile</c>. What is right in it is taken, whatever else is wrong; who
/// is not in it any more leaves, but only when all of it could be read.
/// </summary>
public sealed class PeopleFile(
    ChangeOrganisation changes, IOptions<CatalogOptions> options, TimeProvider time, ILogger<PeopleFile> log)
    : IDisposable
{
    private const string Name = "The people file";
    private readonly SemaphoreSlim turn = new(1, 1);
    private string? taken;

    public PeopleFileState State { get; private set; } = new(PathOf(options.Value), null, 0, 0, []);

    public void Dispose() => turn.Dispose();

    /// <summary>What is wrong with the file by itself; nothing where none is set.</summary>
    public static IReadOnlyList<string> Check(CatalogOptions options)
    {
        if (PathOf(options) is not { } path) return [];
        return Load(path).TryGet(out var text, out var unreadable)
            ? PeopleDocuments.Read(text, Path.GetFileName(path)).Problems
            : [unreadable.Message];
    }

    /// <summary>Takes what has changed since the last look.</summary>
    public async Task LookAsync(CancellationToken cancellation)
    {
        if (State.Path is not { } path) return;
        await turn.WaitAsync(cancellation);
        try
        {
            if (!Load(path).TryGet(out var text, out var unreadable))
            {
                Tell(State with { Problems = [unreadable.Message] });
                taken = null;
                return;
            }
            var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
            if (hash == taken) return;
            Tell(await TakeAsync(path, text, cancellation));
            taken = hash;
        }
        finally
        {
            turn.Release();
        }
    }

    private async Task<PeopleFileState> TakeAsync(string path, string text, CancellationToken cancellation)
    {
        var read = PeopleDocuments.Read(text, Path.GetFileName(path));
        var put = await changes.ExecuteAsync<PeopleDocuments>(async rows =>
        {
            var free = await read.WithoutTakenAsync(rows, OrganisationSource.File, cancellation);
            await rows.PutAsync(free.Good, OrganisationSource.File, Actor.System, cancellation);
            return free;
        }, cancellation);
        if (!put.TryGet(out var result, out var refused))
        {
            result = new PeopleDocuments([], [.. read.Problems, refused.Message]);
        }
        var problems = result.Problems.ToList();
        if (problems.Count == 0 && (await LeaveAsync(result.Good, cancellation)).Error is { } stays)
        {
            problems.Add($"Who is not in the file any more was not removed: {stays.Message}");
        }
        var teams = result.Good.Count(d => CatalogRights.IsTeam(d.Ref.Kind));
        return new PeopleFileState(path, time.Now(), result.Good.Count - teams, teams, problems);
    }

    private Task<Result<Done>> LeaveAsync(IReadOnlyList<Descriptor> there, CancellationToken cancellation) =>
        changes.ExecuteAsync<Done>(async rows =>
        {
            var keys = there.Select(d => d.Ref.Key).ToList();
            var gone = await rows.Db.Set<CatalogEntity>()
                .Where(e => e.Location == OrganisationSource.File && !keys.Contains(e.Key)).ToListAsync(cancellation);
            await rows.RemoveAsync(gone, Actor.System, cancellation);
            return Done.Instance;
        }, cancellation);

    private void Tell(PeopleFileState state)
    {
        var isNews = !state.Problems.SequenceEqual(State.Problems, StringComparer.Ordinal);
        State = state;
        if (!isNews) return;
        foreach (var problem in state.Problems.Take(10)) log.LogWarning("People file: {Problem}", problem);
    }

    private static string? PathOf(CatalogOptions options) =>
        string.IsNullOrWhiteSpace(options.PeopleFile) ? null : Path.GetFullPath(options.PeopleFile.Trim());

    private static Result<string> Load(string path)
    {
        try
        {
            var file = new FileInfo(path);
            if (!file.Exists) return Unreadable($"{Name} {path} does not exist.");
            using var stream = file.OpenRead();
            // Not by what the file system says of its length: some files have none, and do not end.
            var bytes = new byte[DescriptorLimits.MaxFile + 1];
            var length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            return length <= DescriptorLimits.MaxFile
                ? Encoding.UTF8.GetString(bytes, 0, length)
                : Unreadable($"{Name} {path} is larger than {DescriptorLimits.MaxFile / 1_000_000} MB.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Unreadable($"{Name} {path} cannot be read: {e.Message}");
        }
    }

    private static Error Unreadable(string message) => Error.Invalid("people-file", message);
}
