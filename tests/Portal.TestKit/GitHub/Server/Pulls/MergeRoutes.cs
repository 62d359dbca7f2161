using System.Text.Json.Nodes;
using Portal.TestKit.GitHub.Server.GitData;
using Portal.TestKit.GitHub.Server.Shapes;

namespace Portal.TestKit.GitHub.Server.Pulls;

/// <summary>Merges pull requests, with git.</summary>
internal static class MergeRoutes
{
    public static void Add(RouteTable routes) =>
        routes.Add("PUT /repos/{owner}/{repo}/pulls/{pull_number}/merge", "contents:write", MergeAsync);

    private static async Task<Answer> MergeAsync(ApiCall call)
    {
        var (pull, repository, git) = (PullRoutes.Find(call), call.Repository, call.Repository.Git);
        if ((string)pull["state"]! != "open" || (bool)pull["draft"]!)
        {
            throw new Refusal(405, "Pull Request is not mergeable");
        }
        var (head, target) = (await git.ReferenceAsync($"refs/heads/{pull[Hidden.Head]}") ?? throw new Refusal(
            405, "Pull Request is not mergeable"), (await git.ReferenceAsync($"refs/heads/{pull[Hidden.Base]}"))!);
        if (call.Text("sha") is { } expected && expected != head)
        {
            throw new Refusal(409, "Head branch was modified. Review and try the merge again.");
        }
        var method = call.Text("merge_method") ?? "merge";
        var setting = method switch
        {
            "squash" => "allow_squash_merge",
            "rebase" => "allow_rebase_merge",
            _ => "allow_merge_commit"
        };
        if ((bool?)repository.Settings[setting] == false)
        {
            throw new Refusal(
                405,
                $"{(method == "merge" ? "Merge commits are" : method == "squash" ? "Squash merges are" : "Rebase merges are")} not allowed on this repository.");
        }
        var merged = await git.TryAsync(["merge-tree", "--write-tree", target, head]);
        if (merged.Status != 0) throw new Refusal(405, "Pull Request is not mergeable");
        var by = Signature.From(null, call.Caller.Login, call.State.Now);
        var title = call.Text("commit_title") ?? (method == "squash"
            ? $"{pull["title"]} (#{pull["number"]})"
            : $"Merge pull request #{pull["number"]} from {repository.Owner}/{pull[Hidden.Head]}");
        var message = call.Text("commit_message") is { Length: > 0 } text ? $"{title}\n\n{text}" : title;
        // Rebased and squashed come to the same files; here both are one commit.
        var sha =
            await git.WriteCommitAsync(merged.Lines[0], method == "merge" ? [target, head] : [target], by, by, message);
        (pull["state"], pull["merged_at"], pull["closed_at"], pull["merge_commit_sha"], pull["_mergedBy"]) =
            ("closed", RepositoryShape.Time(
                call.State.Now), RepositoryShape.Time(call.State.Now), sha, call.Caller.Login);
        await References.MoveAsync(call.State, repository, $"refs/heads/{pull[Hidden.Base]}", sha, call.Caller.Login);
        await PullRoutes.TellAsync(call.State, repository, pull, "closed", call.Caller.Login);
        if ((bool?)repository.Settings["delete_branch_on_merge"] == true)
        {
            await References.MoveAsync(
                call.State, repository, $"refs/heads/{pull[Hidden.Head]}", null, call.Caller.Login);
        }
        return Answer.Ok(
            new JsonObject { ["sha"] = sha, ["merged"] = true, ["message"] = "Pull Request successfully merged" });
    }
}
