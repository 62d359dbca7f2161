namespace Portal.Core.GoldenPaths.Forms;

/// <summary>
/// The values of <c>ui:field</c> that the portal has; a plain field is shown for any other. What shows them is told by
/// <c>FieldControls</c> of the pages.
/// </summary>
public static class KnownFields
{
    public static IReadOnlySet<string> All { get; } = new HashSet<string>(StringComparer.Ordinal)
    {
        "EntityNamePicker", "OwnerPicker", "OwnedEntityPicker", "EntityPicker", "MultiEntityPicker", "MyGroupsPicker",
        "EntityTagsPicker", "RepoUrlPicker", "RepoBranchPicker", "RepoOwnerPicker", "Secret",
    };
}
