using Portal.Providers.Local.Processes;

namespace Portal.Providers.Tests.Local.Processes;

/// <summary>A folder in /tmp that belongs to the user that runs jobs.</summary>
internal static class JobFolder
{
    public static string Create()
    {
        var folder = Path.Combine(Path.GetTempPath(), $"portal-test-{Guid.NewGuid():N}");
        JobUser.Get().MakePrivateFolder(folder);
        return folder;
    }
}
