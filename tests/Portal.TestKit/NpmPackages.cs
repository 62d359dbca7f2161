using System.Diagnostics;
using System.Security.Cryptography;

namespace Portal.TestKit;

/// <summary>
/// The npm packages of a folder, installed from its lockfile once, whichever test process comes first.
/// </summary>
public static class NpmPackages
{
    /// <summary>
    /// Makes sure that <paramref name="folder"/>/node_modules is what package-lock.json says; returns node_modules.
    /// </summary>
    public static async Task<string> EnsureAsync(string folder, CancellationToken cancellation = default)
    {
        var modules = Path.Combine(folder, "node_modules");
        var stamp = Path.Combine(modules, ".portal-stamp");
        var wanted = Convert.ToHexStringLower(
            SHA256.HashData(await File.ReadAllBytesAsync(Path.Combine(folder, "package-lock.json"), cancellation)));
        using var held = await HoldAsync(Path.Combine(
            Path.GetTempPath(),
            $"portal-npm-{Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(folder)))[..16]}.lock"), cancellation);
        if (File.Exists(stamp) && await File.ReadAllTextAsync(stamp, cancellation) == wanted) return modules;

        var info = new ProcessStartInfo("npm", ["ci", "--no-audit", "--no-fund", "--ignore-scripts"])
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var npm = Process.Start(info)!;
        var output = npm.StandardOutput.ReadToEndAsync(cancellation);
        var errors = npm.StandardError.ReadToEndAsync(cancellation);
        await npm.WaitForExitAsync(cancellation);
        if (npm.ExitCode != 0)
        {
            throw new InvalidOperationException(
                $"npm ci in {folder} failed with {npm.ExitCode}: {await errors}{await output}");
        }

        await File.WriteAllTextAsync(stamp, wanted, cancellation);
        return modules;
    }

    private static async Task<FileStream> HoldAsync(string file, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException)
            {
                await Task.Delay(50, cancellation);
            }
        }
    }
}
