using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Azure.Core;
using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.Providers.Azure.Arm;
using Portal.Providers.Azure.Environments;

namespace Portal.Providers.Azure.Costs;

/// <summary>
/// What Azure has booked, from Cost Management: per day, resource group and service. It comes up to two days late.
/// </summary>
internal sealed class AzureCosts(AzureTools tools) : ICostSource
{
    public string Instance => tools.Instance;

    public string Type => AzureOptions.TypeName;

    public async Task<IReadOnlyList<BilledCost>> BilledAsync(DateOnly from, DateOnly to, CancellationToken cancellation)
    {
        var booked = new List<BilledCost>();
        if (to < from) return booked;
        foreach (var at in tools.Clients.Subscriptions)
        {
            var environments = (await tools.Groups(at).TaggedAsync(PortalTags.Environment, null, cancellation))
                .ToDictionary(g => g.Name, g => g.Tag(PortalTags.Environment)!, StringComparer.OrdinalIgnoreCase);
            await foreach (var row in RowsAsync(at.Costs, from, to, cancellation)) booked.Add(Read(row, environments));
        }
        return booked;
    }

    private static async IAsyncEnumerable<JsonObject> RowsAsync(
        ArmApi arm, DateOnly from, DateOnly to, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var query = Query(from, to);
        var path = $"{arm.SubscriptionPath}/providers/Microsoft.CostManagement/query";
        var answer = await arm.SendAsync(RequestMethod.Post, path, ArmVersions.Costs, query, cancellation);
        while (true)
        {
            var page = answer.Body.Object("properties") ?? [];
            var columns = (page["columns"] as JsonArray ?? []).OfType<JsonObject>().Select(c => c.Text("name") ?? "")
                .ToList();
            foreach (var row in (page["rows"] as JsonArray ?? []).OfType<JsonArray>())
            {
                yield return new JsonObject(columns.Zip(
                    row, (name, value) => KeyValuePair.Create(name, value?.DeepClone())));
            }
            if (page.Text("nextLink") is not { Length: > 0 } next) yield break;
            // The next page is asked for by the same question.
            answer = await arm.SendAsync(RequestMethod.Post, new Uri(next), query, cancellation);
        }
    }

    private static JsonObject Query(DateOnly from, DateOnly to) => new()
    {
        ["type"] = "ActualCost",
        ["timeframe"] = "Custom",
        ["timePeriod"] = new JsonObject
        {
            ["from"] = $"{from:yyyy-MM-dd}T00:00:00+00:00", ["to"] = $"{to:yyyy-MM-dd}T23:59:59+00:00",
        },
        ["dataset"] = new JsonObject
        {
            ["granularity"] = "Daily",
            ["aggregation"] = new JsonObject
            {
                ["totalCost"] = new JsonObject { ["name"] = "Cost", ["function"] = "Sum" },
            },
            ["grouping"] = new JsonArray(Dimension("ResourceGroupName"), Dimension("ServiceName")),
        },
    };

    private static JsonObject Dimension(string name) => new() { ["type"] = "Dimension", ["name"] = name };

    /// <summary>A line that were left out would look like a lower bill.</summary>
    private BilledCost Read(JsonObject row, Dictionary<string, string> environments)
    {
        var (date, cost, currency) = (
            row.Text("UsageDate"), row.Text("Cost") ?? row.Text("PreTaxCost"), row.Text("Currency"));
        if (!DateOnly.TryParseExact(date, "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            || !decimal.TryParse(cost, NumberStyles.Float, CultureInfo.InvariantCulture, out var amount)
                || currency is not { Length: 3 })
        {
            throw ProviderException.Unavailable("azure-costs-unreadable",
                $"Azure's costs hold a line that cannot be read (day '{date}', amount '{cost}', currency "
                    + $"'{currency}'): none are taken over.");
        }
        var group = row.Text("ResourceGroupName") ?? "";
        return new BilledCost(
            day, EnvironmentOf(group, environments), group, row.Text("ServiceName") ?? "", new Money(amount, currency));
    }

    /// <summary>One that is gone is known by the name that its group had.</summary>
    private string? EnvironmentOf(string group, Dictionary<string, string> environments)
    {
        if (environments.TryGetValue(group, out var environment)) return environment;
        var prefix = tools.Options.ResourceGroupPrefix;
        return group.StartsWith(prefix, StringComparison.OrdinalIgnoreCase) && group.Length > prefix.Length
            ? group[prefix.Length..] : null;
    }
}
