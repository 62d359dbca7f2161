using System.Text;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;
using Portal.Core.Access;
using Portal.Core.Catalog.Organisation;
using Portal.Core.Entities;
using Portal.Web.Controls;
using Portal.Web.Shared;

namespace Portal.Web.Organisation;

/// <summary>Pastes or takes a file of users and groups, shows what it changes, and imports it.</summary>
public sealed partial class ImportPage
{
    private const int Longest = 1_000_000;
    private const int MostShown = 200;
    private const string Example = "apiVersion: backstage.io/v1alpha1\nkind: User\nmetadata:\n  name: jane.doe\nspec:\n"
        + "  profile:\n    displayName: Jane Doe\n  memberOf: [checkout]";

    private ImportPreview? preview;
    private string text = "";
    private string? failure;
    private bool working, mayImport;
    private int asked;

    [Inject] private ImportPeople Import { get; set; } = default!;
    [Inject] private Authorise Authorise { get; set; } = default!;
    [Inject] private Toasts Toasts { get; set; } = default!;
    [Inject] private NavigationManager Navigation { get; set; } = default!;

    private int Changing =>
        preview is null ? 0 : preview.Lines.Count - preview.Count(ImportChange.Unchanged);

    private IReadOnlyList<ImportLine> Shown => [.. preview!.Lines
        .OrderBy(l => l.Change == ImportChange.Unchanged).Take(MostShown)];

    private string Summary => $"{preview!.Count(ImportChange.Created)} created, "
        + $"{preview.Count(ImportChange.Updated)} changed, {preview.Count(ImportChange.Unchanged)} as they are.";

    protected override async Task LoadAsync() =>
        mayImport = await Authorise.MayAsync(Me, Permissions.Administer, null, Closing);

    private async Task TakeAsync(InputFileChangeEventArgs chosen)
    {
        if (chosen.File.Size > DescriptorLimits.MaxFile)
        {
            failure = $"The file is larger than {DescriptorLimits.MaxFile / 1_000_000} MB. Split it into several.";
            return;
        }
        try
        {
            await using var stream = chosen.File.OpenReadStream(DescriptorLimits.MaxFile, Closing);
            using var reader = new StreamReader(stream, Encoding.UTF8);
            await ChangedAsync(await reader.ReadToEndAsync(Closing));
        }
        catch (IOException e)
        {
            failure = $"The file could not be read: {e.Message}";
        }
    }

    private async Task ChangedAsync(string? typed)
    {
        // At once: a field that waits is overwritten when the page is rendered meanwhile.
        (text, failure) = (typed ?? "", null);
        var mine = ++asked;
        if (string.IsNullOrWhiteSpace(text))
        {
            preview = null;
            return;
        }
        var looked = await Import.PreviewAsync(text, Me, Closing);
        if (mine != asked) return;
        (preview, failure) = (looked.IsOk ? looked.Value : null, looked.Error?.Message);
    }

    private async Task ImportAsync()
    {
        working = true;
        var imported = await Import.ImportAsync(text, Me, Closing);
        working = false;
        if (!imported.TryGet(out var done, out var wrong))
        {
            failure = wrong.Message;
            return;
        }
        Toasts.Done(
            $"{done.Count(ImportChange.Created)} created, {done.Count(ImportChange.Updated)} changed.");
        Navigation.NavigateTo(PortalUrls.People);
    }

    private static Status Word(ImportChange change) => change switch
    {
        ImportChange.Created => Status.Good("Created"),
        ImportChange.Updated => Status.Warn("Changed"),
        _ => Status.Off("As it is"),
    };
}
