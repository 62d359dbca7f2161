using System.Text.Json.Nodes;
using Azure.ResourceManager.Resources;
using Azure.ResourceManager.Resources.Models;
using Portal.Core.Providers;
using Portal.Providers.Azure.Arm;
using Portal.Providers.Azure.Environments;

namespace Portal.Providers.Azure;

/// <summary>
/// Whether the instance can do its work: signed in, subscription usable, resource providers registered, rights given,
/// definitions sound.
/// </summary>
internal sealed class AzureCheck(AzureTools tools) : IProviderCheck
{
    public string Instance => tools.Instance;

    public string Type => AzureOptions.TypeName;

    public async Task<ProviderCheck> CheckAsync(CancellationToken cancellation)
    {
        var (signedIn, problems) = (new List<string>(), new List<string>(tools.Definitions.Problems));
        foreach (var at in tools.Clients.All) await CheckAsync(at, signedIn, problems, cancellation);
        return new ProviderCheck(
            signedIn.Count == 0
                ? "Not signed in to Azure"
                : $"Signed in to Azure {string.Join("; ", signedIn)}, {tools.Definitions.All.Count} environment "
                    + "definitions",
            [.. problems.Distinct(StringComparer.Ordinal)]);
    }

    private async Task CheckAsync(
        AzureSubscription at, List<string> signedIn, List<string> problems, CancellationToken cancellation)
    {
        var who = at.Name.Length == 0 ? "" : $"{at.Name}: ";
        try
        {
            var subscription = await SubscriptionAsync(at, cancellation);
            signedIn.Add(
                $"{(at.Name.Length == 0 ? "" : $"for {at.Name} ")}with {at.Credential.Name}, subscription "
                + $"{subscription.DisplayName} ({at.Arm.Subscription})");
            if (Words(subscription.State) is { } state)
            {
                problems.Add($"{who}the subscription {subscription.DisplayName} {state}");
            }
            problems.AddRange((await RightsAsync(at, cancellation)).Select(p => who + p));
            problems.AddRange((await ProvidersAsync(at, cancellation)).Select(p => who + p));
        }
        catch (ProviderException problem)
        {
            problems.Add(who + problem.Error.Message);
        }
    }

    private static async Task<SubscriptionData> SubscriptionAsync(AzureSubscription at, CancellationToken cancellation)
    {
        var resource = at.Arm.Client.GetSubscriptionResource(SubscriptionResource.CreateResourceIdentifier(
            at.Arm.Subscription));
        var found = await at.Arm.Failures.ReadAsync(at.Arm.SubscriptionPath, () => resource.GetAsync(cancellation));
        return found.Value.Data;
    }

    private static string? Words(SubscriptionState? state) => state switch
    {
        SubscriptionState.Disabled =>
            "is disabled: nothing can be made or changed in it until its owner enables it again (billing).",
        SubscriptionState.Warned => "is warned: Azure will disable it soon; its owner has to look at billing.",
        SubscriptionState.PastDue => "is past due: its owner has to pay, or Azure will disable it.",
        SubscriptionState.Deleted => "is deleted: set another SubscriptionId.",
        _ => null,
    };

    private async Task<List<string>> RightsAsync(AzureSubscription at, CancellationToken cancellation)
    {
        var roles = new List<JsonObject>();
        var path = $"{at.Arm.SubscriptionPath}/providers/Microsoft.Authorization/permissions";
        await foreach (var role in at.Arm.ListAsync(path, ArmVersions.Permissions, cancellation)) roles.Add(role);
        var problems = Rights.Needed.Where(action => !May(roles, action)).GroupBy(Rights.RoleFor)
            .Select(g => $"the identity may not do {string.Join(", ", g)} in the subscription: give it the role "
                + $"{g.Key} there.").ToList();
        if ((tools.Options.LockedTypes ?? ["prod"]).Any(t => t != "none") && !May(roles, Rights.Lock))
        {
            problems.Add(
                $"the identity may not do {Rights.Lock}: environments of the types that are locked cannot be made. "
                + $"Give it the role {Rights.RoleFor(Rights.Lock)}, or set LockedTypes:0=none.");
        }
        if (!May(roles, Rights.Costs))
        {
            problems.Add(
                $"the identity may not do {Rights.Costs}: no costs are read. Give it the role "
                + $"{Rights.RoleFor(Rights.Costs)}.");
        }
        return problems;
    }

    private static bool May(List<JsonObject> roles, string action) =>
        roles.Any(role => Covers(role["actions"], action) && !Covers(role["notActions"], action));

    private static bool Covers(JsonNode? patterns, string action) =>
        (patterns as JsonArray ?? []).Any(p => Rights.Covers(p?.ToString() ?? "", action));

    private async Task<List<string>> ProvidersAsync(AzureSubscription at, CancellationToken cancellation)
    {
        var problems = new List<string>();
        var needed = tools.Definitions.All.SelectMany(d => Namespaces(d.Template))
            .Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.Ordinal);
        var subscription = at.Arm.Client.GetSubscriptionResource(SubscriptionResource.CreateResourceIdentifier(
            at.Arm.Subscription));
        foreach (var provider in needed)
        {
            var found = (
                await at.Arm.Failures.ReadAsync(
                    $"{at.Arm.SubscriptionPath}/providers/{provider}",
                    () => subscription.GetResourceProviderAsync(provider, cancellationToken: cancellation))).Value.Data;
            if (found.RegistrationState is not ("Registered" or "Registering"))
            {
                problems.Add(
                    $"the subscription does not use {provider} yet. Register it once: az provider register --namespace "
                    + $"{provider}");
            }
        }
        return problems;
    }

    private static IEnumerable<string> Namespaces(JsonNode? node) => node switch
    {
        JsonObject values => values.SelectMany(
            v => v.Key == "type" && values.ContainsKey("apiVersion")
            && v.Value?.ToString().Split('/') is [var provider, _, ..] ? [provider] : Namespaces(v.Value)),
        JsonArray items => items.SelectMany(Namespaces),
        _ => [],
    };
}
