using MudBlazor;

namespace Portal.Web.Controls;

/// <summary>Short news at the edge of the page; read out to who cannot see it. Errors stay until closed.</summary>
public sealed class Toasts(ISnackbar snackbar)
{
    private const int Milliseconds = 6000;

    public void Done(string summary, string? detail = null) => Show(Severity.Success, summary, detail);

    public void Say(string summary, string? detail = null) => Show(Severity.Info, summary, detail);

    public void Fail(string summary, string? detail = null) => Show(Severity.Error, summary, detail);

    public void Fail(Core.Shared.Error error) => Fail(error.Message);

    private void Show(Severity severity, string summary, string? detail) =>
        snackbar.Add<ToastText>(
            new() { [nameof(ToastText.Summary)] = summary, [nameof(ToastText.Detail)] = detail ?? "" },
            severity,
            options =>
            {
                options.VisibleStateDuration = Milliseconds;
                options.RequireInteraction = severity == Severity.Error;
            });
}
