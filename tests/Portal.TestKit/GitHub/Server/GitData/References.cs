using Portal.TestKit.Outside;

namespace Portal.TestKit.GitHub.Server.GitData;

/// <summary>What follows when a branch or a tag has moved, whoever moved it.</summary>
internal static class References
{
    public static async Task MoveAsync(
        WorldState state, StoredRepository repository, string reference, string? after, string by)
    {
        var before = await repository.Git.ReferenceAsync(reference);
        if (after is null) await repository.Git.DeleteReferenceAsync(reference);
        else await repository.Git.UpdateReferenceAsync(reference, after);
        await MovedAsync(state, repository, reference, before, after, by);
    }

    public static async Task MovedAsync(
        WorldState state, StoredRepository repository, string reference, string? before, string? after, string by)
    {
        repository.PushedAt = repository.UpdatedAt = state.Now;
        var thing = new OutsideThing(Kinds.Reference, $"{repository.FullName} {reference}", null, repository.Owner);
        if (before is null) state.Ledger.Note(thing);
        if (after is null) repository.References.Remove(reference);
        else repository.References[reference] = after;
        if (after is null) state.Ledger.NoteRemoved(thing);
        else await NoteCommitsAsync(state, repository, before, after);
        // The first branch is what is checked out, whatever its name.
        if (after is not null && reference.StartsWith("refs/heads/", StringComparison.Ordinal)
            && await repository.Git.ReferenceAsync($"refs/heads/{repository.DefaultBranch}") is null)
        {
            repository.DefaultBranch = reference["refs/heads/".Length..];
            await repository.Git.SetHeadAsync(repository.DefaultBranch);
        }
        await state.Happenings.PushAsync(
            new Push(repository, reference, before ?? BareGit.Nothing, after ?? BareGit.Nothing, by));
    }

    /// <summary>
    /// Two commits that say the same on the same parent are one too many, even when their times make them two.
    /// </summary>
    private static async Task NoteCommitsAsync(
        WorldState state, StoredRepository repository, string? before, string after)
    {
        foreach (var sha in await repository.Git.LogAsync(after, before))
        {
            if (repository.Find(Kinds.Commit, sha) is not null) continue;
            var commit = await repository.Git.CommitAsync(sha);
            repository.Put(Kinds.Commit, sha, [], $"{commit.Tree} {string.Join(' ', commit.Parents)} {commit.Message}");
        }
    }
}
