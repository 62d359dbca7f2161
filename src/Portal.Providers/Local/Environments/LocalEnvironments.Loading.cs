using Microsoft.Extensions.Logging;
using Portal.Core.Providers;

namespace Portal.Providers.Local.Environments;

/// <summary>What an earlier portal left: taken over, or taken away.</summary>
internal sealed partial class LocalEnvironments
{
    private async Task LoadAsync()
    {
        if (!Directory.Exists(folders.Environments)) return;
        foreach (var path in Directory.EnumerateDirectories(folders.Environments))
        {
            try
            {
                await TakeOverAsync(new EnvironmentFolder(path), Path.GetFileName(path));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // One that cannot be read must not take the others with it.
                LogUnreadable(tools.Logger, path, e);
            }
        }
    }

    private async Task TakeOverAsync(EnvironmentFolder folder, string id)
    {
        if (!folder.HasState)
        {
            // Half destroyed by a portal that was killed.
            await tools.Processes.EndAllAsync(id);
            folder.Delete();
            return;
        }
        if (folder.ReadState() is not { } state || sizes.FirstOrDefault(s => s.Name == state.Size) is not { } size)
        {
            throw new IOException("Its state.json cannot be understood.");
        }
        tools.Ports.Reserve(state.Port);
        var environment = new SupervisedEnvironment(tools, folder, size, state);
        if (state.Status == EnvironmentStatus.Creating)
        {
            await environment.DestroyAsync();
            return;
        }
        await environment.AdoptAsync();
        all[id] = environment;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The environment in {Folder} is left out: it could not be read")]
    private static partial void LogUnreadable(ILogger logger, string folder, Exception e);
}
