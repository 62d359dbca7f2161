using System.Globalization;
using Portal.Core.GoldenPaths.Forms;
using Portal.Core.Shared;
using Portal.Web.Controls;
using Portal.Web.GoldenPaths.Fields;

namespace Portal.Web.Dev;

/// <summary>The controls with made-up content; exists in Development only.</summary>
public sealed partial class ControlsPage
{
    private const string Prose = """
        # Orders

        Takes **orders** and answers within *200 ms*. See the [runbook](docs/runbook.md) or [the site](https://example.org); [not this](javascript:alert(1)).

        - `GET /orders`
        - tested

        | part | port |
        |---|---|
        | web | 8080 |

        ```
        dotnet run
        ```

        > Owned by team-orders. <script>alert(1)</script>
        """;

    private static readonly Status[] AllStatuses =
    [
        Status.Good("Passed"), Status.Bad("Failed"), Status.Warn("Unhealthy"), Status.Busy("Running"),
        Status.Waiting("Queued"),
        Status.Off("Cancelled"), Status.Of(Core.Runs.StepStatus.Skipped), Status.Unknown(),
    ];

    private static readonly Dictionary<string, string> Samples = new(StringComparer.Ordinal)
    {
        ["src/Program.cs"] =
            "var builder = WebApplication.CreateBuilder(args);\nvar app = builder.Build();\n\n// Says that it lives.\napp.MapGet(\"/livez\", () => Results.Ok(new { Status = \"ok\" }));\n\napp.Run();\n",
        ["src/Orders/Order.cs"] = "namespace Orders;\n\npublic sealed record Order(Guid Id, decimal Total);\n",
        [".github/workflows/ci.yml"] =
            "name: ci\non:\n  push:\n    branches: [main]\njobs:\n  build:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n      - run: dotnet test # all\n",
        ["Dockerfile"] =
            "FROM mcr.microsoft.com/dotnet/aspnet:10.0\nUSER app\nENTRYPOINT [\"dotnet\", \"Orders.dll\"]\n",
        ["old.sh"] = "#!/bin/bash\necho \"<b>$1</b>\"\n",
    };

    private readonly IReadOnlyList<FileEntry> files =
    [
        new("src/Program.cs", FileMark.Added), new("src/Orders/Order.cs", FileMark.Changed),
        new(".github/workflows/ci.yml", FileMark.Added),
        new("Dockerfile"), new("old.sh", FileMark.Removed),
    ];

    private readonly FormModel form = new(
        FormDefinition.Parse(Yaml.Parse(EveryField.Parameters)[0].Root), values: []);

    private readonly List<LogLine> log = [];
    private DateTimeOffset now;
    private IReadOnlyList<Sample> rows = [];
    private ConfirmDialog? dialog;
    private string file = "src/Program.cs";
    private string? step = "build";
    private string? answer;

    private IReadOnlyList<TimelineItem> Steps =>
    [
        new(
            "fetch", "Fetch template", Status.Good("Completed"), now.AddSeconds(-20), now.AddSeconds(-19.6),
            "fetch:template"),
        new(
            "repo", "Create repository", Status.Good("Completed"), now.AddSeconds(-19), now.AddSeconds(-17),
            "repo:create", Body: b => b.AddContent(0, "team-orders/orders, 24 files")),
        new("build", "Run pipeline", Status.Busy("Running"), now.AddSeconds(-17), null, "pipeline:run"),
        new("env", "Create environment", Status.Waiting("Waiting"), Detail: "environment:create"),
    ];

    protected override void OnInitialized()
    {
        form.Changed += () => _ = InvokeAsync(StateHasChanged);
        now = Time.GetUtcNow();
        rows =
        [
            new("orders", Status.Good("Running"), "team-orders", now.AddMinutes(-4), new Money(12.4m, "EUR")),
            new("payments", Status.Warn("Unhealthy"), "team-payments", now.AddHours(-5), new Money(120m, "EUR")),
            new("storefront", Status.Bad("Failed"), "team-web", now.AddDays(-3), new Money(3.07m, "EUR")),
            new("ledger", Status.Off("Destroyed"), "team-payments", null, null),
        ];
        log.AddRange(
        [
            new("Run started by ada", LogLevelKind.Heading, now),
            new("\u001b[32m✓\u001b[0m restored 42 packages in \u001b[1m1.2 s\u001b[0m", At: now),
            new(
                "\u001b[33mwarn\u001b[0m: using \u001b[36mexample\u001b[0m prices, see https://example.org/prices",
                At: now),
            new("Deprecated option --fast", LogLevelKind.Warning, now),
            new("Test <Orders> failed: expected 3, got 4", LogLevelKind.Error, now),
        ]);
    }

    private void AddLines()
    {
        for (var i = 0; i < 1000; i++) log.Add(new(
            $"\u001b[34m[{i.ToString(CultureInfo.InvariantCulture)}]\u001b[0m compiled module {i} of 1000",
            At: Time.GetUtcNow()));
    }

    private async Task AskAsync() => answer = await dialog!.ShowAsync() ? "Destroyed." : "Nothing was destroyed.";

    private sealed record Sample(string Name, Status Status, string Owner, DateTimeOffset? At, Money? Cost);
}
