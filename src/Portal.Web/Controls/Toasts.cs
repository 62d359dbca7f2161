using Radzen;

namespace Portal.Web.Controls;

/// <summary>Short news at the edge of the page; read out to who cannot see it. Errors stay until closed.</summary>
public sealed class Toasts(NotificationService notifications)
{
    private const double Milliseconds = 6000;
    private const double UntilClosed = 24 * 60 * 60 * 1000;

    public void Done(string summary, string? detail = null) =>
        Show(NotificationSeverity.Success, summary, detail, Milliseconds);

    public void Say(string summary, string? detail = null) =>
        Show(NotificationSeverity.Info, summary, detail, Milliseconds);

    public void Fail(string summary, string? detail = null) =>
        Show(NotificationSeverity.Error, summary, detail, UntilClosed);

    public void Fail(Core.Shared.Error error) => Fail(error.Message);

    private void Show(NotificationSeverity severity, string summary, string? detail, double duration) =>
        notifications.Notify(new NotificationMessage
        {
            Severity = severity,
            Summary = summary,
            Detail = detail ?? "",
            Duration = duration,
            CloseOnClick = severity != NotificationSeverity.Error,
        });
}
