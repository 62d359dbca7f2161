using System.Globalization;
using System.Text.Json.Nodes;

namespace Portal.TestKit.Azure.Server;

/// <summary>The bill of Cost Management.</summary>
internal sealed class CostRoutes(WorldState state)
{
    public IEnumerable<ArmRoute> All =>
    [
        new(
            AzureRoutes.QueryCosts, "POST", "/subscriptions/{subscription}/providers/Microsoft.CostManagement/query",
            ["2023-11-01", "2024-08-01"], "Microsoft.CostManagement/query/action", Query),
    ];

    private ArmReply Query(ArmCall call)
    {
        var dataset = call.Body["dataset"] as JsonObject ?? throw Wrong("dataset is required");
        if (call.Body["type"]?.ToString() is not ("ActualCost" or "AmortizedCost" or "Usage"))
        {
            throw Wrong("type must be ActualCost, AmortizedCost or Usage");
        }
        if (call.Body["timeframe"]?.ToString() != "Custom" || call.Body["timePeriod"] is not JsonObject period)
        {
            throw Wrong("timeframe Custom needs timePeriod");
        }
        if (dataset["granularity"]?.ToString() != "Daily") throw Wrong("the stand-in has daily figures only");
        var grouping =
            (dataset["grouping"] as JsonArray ?? []).OfType<JsonObject>().Select(g => g["name"]?.ToString()).ToList();
        if (grouping.Count > 2) throw Wrong("at most two groupings are allowed");
        if (grouping is not ["ResourceGroupName", "ServiceName"])
        {
            throw Wrong("the stand-in groups by ResourceGroupName and ServiceName only");
        }
        var (from, to) = (Day(period["from"]), Day(period["to"]));
        var rows = state.Rules.Costs.Where(c => c.Day >= from && c.Day <= to).OrderBy(c => c.Day).ToList();
        var skip = int.TryParse(call.Query("$skiptoken"), out var at) ? at : 0;
        var isGarbled = state.Rules.GarbledCosts-- > 0;
        var page = rows.Skip(skip).Take(state.Rules.PageSize).Select(cost => Row(cost, isGarbled));
        var properties = new JsonObject
        {
            ["columns"] = new JsonArray(
                Column("Cost", "Number"), Column("UsageDate", "Number"), Column("ResourceGroupName", "String"),
                Column("ServiceName", "String"),
                Column("Currency", "String")),
            ["rows"] = new JsonArray([.. page]),
            ["nextLink"] = skip + state.Rules.PageSize < rows.Count
                ? $"{call.Link(call.Path, "2023-11-01")}&$skiptoken={skip + state.Rules.PageSize}" : null,
        };
        return ArmReply.Ok(new JsonObject
        {
            ["id"] = $"{call.Path}/1", ["name"] = "1", ["type"] = "Microsoft.CostManagement/query",
            ["properties"] = properties
        });
    }

    private static JsonArray Row(AzureCost cost, bool isGarbled) => new(
        isGarbled ? "n/a" : cost.Amount,
        int.Parse(cost.Day.ToString("yyyyMMdd", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture),
        cost.Group.ToLowerInvariant(), cost.Service, cost.Currency);

    private static JsonObject Column(string name, string type) => new() { ["name"] = name, ["type"] = type };

    private static DateOnly Day(JsonNode? moment) => DateTimeOffset.TryParse(
        moment?.ToString(), CultureInfo.InvariantCulture,
        DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at)
        ? DateOnly.FromDateTime(at.DateTime) : throw Wrong("timePeriod.from and to must be moments");

    private static ArmRefusal Wrong(string what) => new(400, "BadRequest", $"Invalid query definition: {what}.");
}
