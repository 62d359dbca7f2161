using Microsoft.AspNetCore.Components;

namespace Portal.Web.Controls;

/// <summary>A step as a timeline shows it.</summary>
/// <param name="Id">Tells steps apart; stands in the URL when one is linked to.</param>
/// <param name="Detail">A line under the name, e.g. the action or why it was skipped.</param>
/// <param name="Body">Shown when opened; null = cannot be opened.</param>
/// <param name="Open">Opened at first.</param>
public sealed record TimelineItem(
    string Id,
    string Name,
    Status Status,
    DateTimeOffset? StartedAt = null,
    DateTimeOffset? FinishedAt = null,
    string? Detail = null,
    RenderFragment? Body = null,
    bool Open = false);
