using System.Text.RegularExpressions;
using Portal.Core.Runs.Actions;
using Portal.Providers.GitHub.Actions.Secrets;
using Portal.Providers.GitHub.Actions.Shared;
using Portal.Providers.ActionBases;

namespace Portal.Providers.GitHub.Actions.DeployKeys;

/// <summary>
/// <c>github:deployKey:create</c>: the public key opens the repository, the private one becomes a secret of its
/// workflows.
/// </summary>
internal sealed partial class DeployKeyCreate(
    GitHubTargets targets, DeployKeyEffect effect, SecretsEffect secrets) : RepositoryAction(targets)
{
    public override ActionDescription Description { get; } = new(
        "github:deployKey:create", "Adds a deploy key to a GitHub repository and keeps its private half as a secret of "
            + "the repository's workflows.",
        Inputs.Of(["repoUrl", "publicKey", "privateKey", "deployKeyName"], Inputs.Target, """
            {
              "publicKey": { "type": "string", "minLength": 1, "title": "Public key",
                "description": "As ssh-keygen writes it: ssh-ed25519 AAAA…" },
              "privateKey": { "type": "string", "minLength": 1, "title": "Private key",
                "description": "Give it as ${{ secrets.NAME }}.", "writeOnly": true },
              "deployKeyName": { "type": "string", "minLength": 1, "title": "Name" },
              "privateKeySecretName": { "type": ["string", "null"], "title": "Name of the secret",
                "description": "The key's name in capitals with _PRIVATE_KEY behind it unless given." },
              "readOnly": { "type": "boolean", "title": "May only read", "default": false }
            }
            """),
        ActionSchema.Parse(
            """{ "type": "object", "properties": { "privateKeySecretName": { "type": "string", "title": "The secret with the private key" } } }"""),
        [new ActionExample("Let a deployment tool in", """
            id: key
            name: Create the deploy key
            action: github:deployKey:create
            input:
              repoUrl: ${{ parameters.repoUrl }}
              deployKeyName: deployment
              publicKey: ${{ parameters.publicKey }}
              privateKey: ${{ secrets.PRIVATE_KEY }}
            """)]);

    protected override (string Verb, string What) Change => ("Create", "deploy key");

    protected override async Task ExecuteAsync(
        ActionContext context, RepositoryTarget target, CancellationToken cancellation)
    {
        var input = context.Input;
        var name = input.AnyText("deployKeyName")!;
        var secret = input.AnyText("privateKeySecretName") is { Length: > 0 } given
            ? given : $"{Others().Replace(name, "_").ToUpperInvariant()}_PRIVATE_KEY";
        var args = new DeployKeyArgs(
            target.Instance, target.Name, name, input.AnyText("publicKey")!, input.Flag("readOnly"));
        await context.ApplyAsync(effect, target.Instance, "key", args, cancellation);
        var values = new Dictionary<string, string>(StringComparer.Ordinal) { [secret] = input.AnyText("privateKey")! };
        await context.ApplyAsync(
            secrets, target.Instance, $"secret {secret}",
            new SecretsArgs(target.Instance, target.Name, null, [secret], values), cancellation);
        context.Outputs["privateKeySecretName"] = secret;
    }

    /// <summary>What GitHub does not take in the name of a secret.</summary>
    [GeneratedRegex("[^A-Za-z0-9_]")]
    private static partial Regex Others();
}
