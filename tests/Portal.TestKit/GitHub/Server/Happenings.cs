using System.Text.Json.Nodes;

namespace Portal.TestKit.GitHub.Server;

/// <summary>
/// Branch or tag that moved. The ids are <see cref="GitData.BareGit.Nothing"/> before the first and after the last.
/// </summary>
internal sealed record Push(StoredRepository Repository, string Reference, string Before, string After, string By);

/// <summary>What others in the world hear of: workflows start, hooks are called. Told while the gate is held.</summary>
internal sealed class Happenings
{
    public event Func<Push, Task>? Pushed;

    /// <summary>
    /// Name of the webhook event, the repository (null = of the organisation), the organisation and the payload.
    /// </summary>
    public event Action<string, StoredRepository?, GitHubOrganisation?, JsonObject>? Told;

    public async Task PushAsync(Push push)
    {
        foreach (var listener in Pushed?.GetInvocationList().Cast<Func<Push, Task>>() ?? []) await listener(push);
    }

    public void Tell(string name, StoredRepository repository, JsonObject payload) =>
        Told?.Invoke(name, repository, repository.Organisation, payload);

    public void Tell(string name, GitHubOrganisation organisation, JsonObject payload) =>
        Told?.Invoke(name, null, organisation, payload);
}
