using System.Diagnostics;
using System.Text.Json.Nodes;
using Portal.TestKit;

namespace Portal.Core.Tests.Schema;

/// <summary>
/// The official JSON-Schema-Test-Suite, as the Debian package libtest-json-schema-acceptance-perl carries it (the npm
/// packages end at draft-04). Read where it is installed, else downloaded with apt and unpacked below .tools, which
/// needs no root.
/// </summary>
internal static class JsonSchemaTestSuite
{
    private const string Package = "libtest-json-schema-acceptance-perl";
    private const string Inside = "usr/share/perl5/auto/share/dist/Test-JSON-Schema-Acceptance/tests";

    private static readonly Lazy<string> Tests = new(Locate);

    public static IReadOnlyList<string> Files(string draft)
    {
        var folder = Path.Combine(Tests.Value, draft);
        return [.. Directory.EnumerateFiles(folder, "*.json", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(folder, file).Replace('\\', '/'))
            .Order(StringComparer.Ordinal)];
    }

    public static IReadOnlyList<SuiteGroup> Groups(string draft, string file)
    {
        var groups = JsonNode.Parse(File.ReadAllText(Path.Combine(Tests.Value, draft, file)))!.AsArray();
        return [.. groups.Select(group => new SuiteGroup(
            (string)group!["description"]!,
            group["schema"],
            [.. group["tests"]!.AsArray()
                .Select(test => new SuiteCase((string)test!["description"]!, test["data"], (bool)test["valid"]!))]))];
    }

    private static string Locate()
    {
        var installed = "/" + Inside;
        if (Directory.Exists(installed)) return installed;

        var tools = Path.Combine(RepositoryRoot.Path, ".tools");
        var unpacked = Path.Combine(tools, "json-schema-test-suite");
        if (!Directory.Exists(unpacked)) Unpack(tools, unpacked);

        return Path.Combine(unpacked, Inside);
    }

    private static void Unpack(string tools, string target)
    {
        var scratch = Directory.CreateDirectory(
            Path.Combine(tools, $"json-schema-test-suite.{Environment.ProcessId}.tmp")).FullName;
        try
        {
            // As root apt lowers its rights for the download, which a folder of ours may not allow; the option keeps
            // its warning away.
            Run(scratch, "apt-get", "-o", "APT::Sandbox::User=root", "download", Package);
            var archive = Directory.EnumerateFiles(scratch, "*.deb").Single();
            Run(scratch, "dpkg-deb", "-x", archive, "content");
            Directory.Move(Path.Combine(scratch, "content"), target);
        }
        catch (IOException) when (Directory.Exists(target))
        {
            // Another test process was faster; its copy is the same.
        }
        finally
        {
            Directory.Delete(scratch, recursive: true);
        }
    }

    private static void Run(string folder, string command, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(command, arguments)
        {
            UseShellExecute = false,
            WorkingDirectory = folder,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException(
                $"The JSON-Schema-Test-Suite is missing. Install it with: apt-get install {Package}\n({command} said: {output.GetAwaiter().GetResult()} {errors})");
        }
    }
}

internal sealed record SuiteGroup(string Description, JsonNode? Schema, IReadOnlyList<SuiteCase> Cases);

internal sealed record SuiteCase(string Description, JsonNode? Data, bool Valid);
