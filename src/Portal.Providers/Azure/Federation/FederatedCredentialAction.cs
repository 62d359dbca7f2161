using System.Text.Json.Nodes;
using Portal.Core.Providers;
using Portal.Core.Runs;
using Portal.Core.Runs.Actions;
using Portal.Core.Shared;

namespace Portal.Providers.Azure.Federation;

/// <summary><c>azure:federated-credential</c>.</summary>
public sealed class FederatedCredentialAction(ProviderRegistry providers, FederatedCredentialEffect effect) : IAction
{
    public ActionDescription Description { get; } = new(
        "azure:federated-credential", "Lets a repository's GitHub Actions sign in to Azure without a secret, as the "
            + "managed identity of an environment type.",
        Schema("""
        {
          "type": "object", "required": ["repository"], "additionalProperties": false,
          "properties": {
            "repository": { "type": "string", "minLength": 1, "title": "Repository",
              "description": "organisation/name on GitHub, or its address." },
            "environmentType": { "type": "string", "minLength": 1, "maxLength": 30, "title": "Environment type",
              "default": "dev" },
            "subject": { "type": "string", "minLength": 1, "maxLength": 600, "title": "Subject",
              "description": "Of GitHub's token; repo:<repository>:environment:<environment type> unless given." },
            "provider": { "type": "string", "minLength": 1, "title": "Provider",
              "description": "Instance of the Azure provider; the only one unless given." }
          }
        }
        """),
        Schema("""
        {
          "type": "object",
          "properties": {
            "clientId": { "type": "string", "title": "Client id: AZURE_CLIENT_ID" },
            "tenantId": { "type": "string", "title": "Tenant: AZURE_TENANT_ID" },
            "subscriptionId": { "type": "string", "title": "Subscription: AZURE_SUBSCRIPTION_ID" }
          }
        }
        """),
        [new ActionExample("Let the pipeline deploy to dev", """
            id: azure
            name: Let the pipeline sign in to Azure
            action: azure:federated-credential
            input:
              repository: ${{ steps.publish.output.repository }}
              environmentType: dev
            """)]);

    public async Task ExecuteAsync(ActionContext context, CancellationToken cancellation)
    {
        var type = Text(context, "environmentType") ?? "dev";
        var repository = Repository(Text(context, "repository"));
        var subject = Text(context, "subject") ?? FederatedCredentials.SubjectOf(repository, type);
        var provider = Provider(Text(context, "provider"));
        var args = new FederatedCredentialArgs(provider, repository, type, subject, Host);
        var applied = await context.ApplyAsync(effect, provider, "credential", args, cancellation);
        foreach (var (name, value) in applied.Outputs)
        {
            if (value is not null) context.Outputs[name] = value.DeepClone();
        }
    }

    /// <summary>Who has the repositories whose tokens are trusted: one of that name elsewhere is another.</summary>
    private string Host =>
        providers.ForHost(FederatedCredentials.IssuingHost).TryGet(out var host, out _) ? host.Instance : "";

    private static JsonObject Schema(string json) => JsonNode.Parse(json)!.AsObject();

    private string Provider(string? named)
    {
        if (named is not null) return providers.Get<FederatedCredentials>(named).Instance;
        var all = providers.All<FederatedCredentials>().Select(p => p.Instance).ToList();
        return all.Count == 1
            ? all[0]
            : throw new ActionFailedException(
                $"Say which instance of the Azure provider it is for: provider: {string.Join(" or ", all)}.");
    }

    private string Repository(string? text)
    {
        // Not known before the run.
        if (text is null) return "the repository";
        if (text.Contains("://", StringComparison.Ordinal))
        {
            return providers.ForUrl(text)?.Name.ToString()
                ?? throw new ActionFailedException($"No provider serves {text}. Write organisation/name.");
        }
        return RepositoryName.TryParse(text, out var name)
            ? name.Value.ToString()
            : throw new ActionFailedException(
                $"'{text}' is not a repository. Write organisation/name, or the address to clone it from.");
    }

    private static string? Text(ActionContext context, string name) =>
        context.Input[name] is JsonValue value && !UnknownValue.Is(value, out _) ? value.ToString() : null;
}
