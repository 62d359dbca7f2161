using Portal.Core.Inbound;
using Portal.Web.Controls;

namespace Portal.Web.Providers;

internal static class ProviderWords
{
    public static Status Of(ProviderView view) =>
        !view.CanBeChecked ? Status.Good("Built in")
        : view.Checked.Check is not { } check ? Status.Waiting("Not checked yet")
        : check.IsUsable ? Status.Good("Usable") : Status.Bad("Problem");

    /// <summary>", 2 waiting, 1 failed": nothing where all is well.</summary>
    public static string Counts(DeliverySummary summary) =>
        (summary.Waiting == 0 ? "" : $", {summary.Waiting} waiting")
            + (summary.Failed == 0 ? "" : $", {summary.Failed} failed");
}
