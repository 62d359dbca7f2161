using Portal.Core.Providers;
using Portal.Core.Runs;
using Portal.Core.Shared;
using Portal.Providers.GitHub.Actions.Shared;
using Portal.Providers.GitHub.Api;
using Portal.Providers.ActionBases;

namespace Portal.Providers.GitHub.Actions.Publish;

/// <param name="Permission">pull, triage, push, maintain, admin, or a role of the organisation.</param>
internal sealed record AccessArgs(
    string Provider, RepositoryName Repository, bool IsTeam, string Name,
    string Permission) : SettingArgs(Provider, Repository);

/// <summary>Lets a team or a person into a new repository.</summary>
internal sealed class AccessEffect(GitHubClients clients) : FirstSettingEffect<AccessArgs>(clients)
{
    public override string Kind => "github.access";

    public override PlannedEffect Describe(AccessArgs args) =>
        new(
            "Grant", "access", $"{args.Permission} for {(args.IsTeam ? "team " : "")}{args.Name} to {args.Repository}",
            args.Provider);

    protected override async Task<SettingApplied> ApplyAsync(
        GitHubApi client, EffectContext context, AccessArgs args, CancellationToken cancellation)
    {
        try
        {
            if (args.IsTeam) await client.SetTeamAccessAsync(args.Repository, args.Name, args.Permission, cancellation);
            else await client.SetCollaboratorAsync(args.Repository, args.Name, args.Permission, cancellation);
        }
        catch (ProviderException missing) when (missing.Error.Kind == ErrorKind.NotFound)
        {
            if (await IsThereAsync(client, args, cancellation)) throw;
            throw ProviderException.Invalid("github-nobody", args.IsTeam
                ? $"{args.Repository.Organisation} has no team {args.Name}: give the name in the team's address, or "
                    + "make the team on GitHub."
                : $"GitHub knows nobody with the login {args.Name}: correct it in the template or the form.");
        }
        return new SettingApplied();
    }

    private static async Task<bool> IsThereAsync(GitHubApi client, AccessArgs args, CancellationToken cancellation) =>
        args.IsTeam ? await client.FindTeamAsync(args.Repository, args.Name, cancellation) is not null
            : await client.FindUserAsync(args.Repository, args.Name, cancellation) is not null;
}
