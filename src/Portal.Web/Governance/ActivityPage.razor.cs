using System.Globalization;
using Microsoft.AspNetCore.Components;
using Portal.Core.Activities;
using Portal.Core.Audit;
using Portal.Core.Shared;
using Portal.Web.Shared;

namespace Portal.Web.Governance;

/// <summary>The record of all changes, newest first; what belongs together in one line.</summary>
public sealed partial class ActivityPage
{
    private const int PageSize = 50;
    private const int LongestPerson = 100;
    private Page<ActivityEntry>? page;
    private Page<AuditEvent>? record;
    private string? wrong;

    [SupplyParameterFromQuery] private string? Show { get; set; }
    [SupplyParameterFromQuery(Name = "q")] private string? Search { get; set; }
    [SupplyParameterFromQuery] private string? Actor { get; set; }
    [SupplyParameterFromQuery] private string? Owner { get; set; }
    [SupplyParameterFromQuery] private string? Person { get; set; }
    [SupplyParameterFromQuery] private string? Kind { get; set; }
    [SupplyParameterFromQuery] private string? Time { get; set; }
    [SupplyParameterFromQuery] private string? From { get; set; }
    [SupplyParameterFromQuery] private string? To { get; set; }

    /// <summary>Every event as it was recorded.</summary>
    [SupplyParameterFromQuery] private bool Full { get; set; }
    [SupplyParameterFromQuery(Name = "page")] private int PageNumber { get; set; }
    [Inject] private ReadActivity Activity { get; set; } = default!;
    [Inject] private NavigationManager Navigation { get; set; } = default!;
    [Inject] private TimeProvider Clock { get; set; } = default!;

    private bool Narrowed => new[] { Search, Actor, Owner, Person, Kind, Time, From, To }.Any(f => f?.Length > 0);

    /// <summary>What the form of the filters leaves as it is.</summary>
    private IEnumerable<(string Name, string Value)> Kept =>
        new[] { ("show", Show), ("q", Search), ("actor", Actor), ("owner", Owner), ("full", Full ? "true" : null) }
            .Where(k => k.Item2?.Length > 0).Select(k => (k.Item1, k.Item2!));

    private string? Count => (Full ? record?.Total : page?.Total) is not { } total ? null
        : total == 1 ? (Full ? "1 event" : "1 change")
        : string.Create(CultureInfo.InvariantCulture, $"{total:#,0} {(Full ? "events" : "changes")}");

    protected override async Task LoadAsync()
    {
        await Titles.LoadAsync([Actor, Owner], "user");
        var (since, until, problem) = ActivityFilters.Range(Time, From, To, Clock.GetUtcNow());
        wrong = problem;
        var filter = new ActivityFilter
        {
            Search = Search, Actor = Show == "mine" ? Me.Ref.ToString() : Actor, Owner = Owner,
            Owners = Show == "teams" ? Mine : [], Person = Words.Short(Person ?? "", LongestPerson),
            Kinds = ActivityFilters.KindsOf(Kind), Since = since, Until = until,
            Offset = Paging.Offset(PageNumber, PageSize), Limit = PageSize,
        };
        if (Full) record = OrProblem(await Activity.ListAsync(filter, Me, Closing)) ?? record;
        else page = OrProblem(await Activity.GroupedAsync(filter, Me, Closing)) ?? page;
    }
}
