using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace Portal.TestKit.GitHub.Description;

/// <summary>GitHub's official description of its API, cut to what the portal and the world of the tests use.</summary>
internal sealed class ApiDescription
{
    private static readonly string[] Methods = ["get", "post", "put", "patch", "delete"];
    private static readonly Lazy<Task<ApiDescription>> Loaded = new(
        async () => new ApiDescription(JsonNode.Parse(await File.ReadAllBytesAsync(await FileAsync()))!.AsObject()));

    private readonly List<ApiOperation> operations = [];

    private ApiDescription(JsonObject source)
    {
        var components = source["components"]!.AsObject();
        var schemas = components["schemas"]!.AsObject();
        foreach (var (path, item) in source["paths"]!.AsObject())
        {
            foreach (var (method, operation) in item!.AsObject().Where(member => Methods.Contains(member.Key)))
            {
                operations.Add(new ApiOperation(
                    method.ToUpperInvariant(), path, operation!.AsObject(),
                    Parameters(item, operation, components, schemas), schemas));
            }
        }
        // Of two paths that match, the one with more fixed parts is meant.
        operations.Sort((a, b) => b.Literals.CompareTo(a.Literals));
    }

    public IReadOnlyList<ApiOperation> Operations => operations;

    /// <summary>Read once per process.</summary>
    public static Task<ApiDescription> LoadAsync() => Loaded.Value;

    /// <summary>
    /// The trimmed description as a file: made once for each version of the packages, of the script and of the list of
    /// paths.
    /// </summary>
    public static async Task<string> FileAsync()
    {
        var folder = RepositoryRoot.Combine("tests", "Portal.TestKit", "GitHub");
        var modules = await NpmPackages.EnsureAsync(folder);
        using var version = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var part in (string[])["package-lock.json", "trim.mjs", "Description/paths.txt"])
        {
            version.AppendData(await File.ReadAllBytesAsync(Path.Combine(folder, part)));
        }
        var file = Path.Combine(
            modules, ".cache", $"github-{Convert.ToHexStringLower(version.GetHashAndReset())[..16]}.json");
        if (!File.Exists(file)) await TrimAsync(folder, file);
        return file;
    }

    /// <summary>The operation that a request means, with the values in its path.</summary>
    public (ApiOperation Operation, IReadOnlyDictionary<string, string> Values)? Find(string method, string path) =>
        operations
            .Where(operation => operation.Method == method)
            .Select(operation => (Operation: operation, Values: operation.Match(path)))
            .Where(found => found.Values is not null)
            .Select(found => ((ApiOperation, IReadOnlyDictionary<string, string>)?)(found.Operation, found.Values!))
            .FirstOrDefault();

    private static ApiParameter[] Parameters(
        JsonNode item, JsonNode operation, JsonObject components, JsonObject schemas) =>
    [
        .. (item["parameters"] as JsonArray ?? []).Concat(operation["parameters"] as JsonArray ?? [])
            .Select(parameter => parameter!["$ref"]?.GetValue<string>() is { } reference
                ? components["parameters"]![reference[(reference.LastIndexOf('/') + 1)..]]!
                : parameter!)
            .Select(parameter => new ApiParameter(parameter.AsObject(), schemas)),
    ];

    private static async Task TrimAsync(string folder, string file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        var part = $"{file}.{Environment.ProcessId}";
        using var node = Process.Start(new ProcessStartInfo(
            "node",
            [Path.Combine(folder, "trim.mjs"), part]) { UseShellExecute = false, RedirectStandardError = true })!;
        var errors = await node.StandardError.ReadToEndAsync();
        await node.WaitForExitAsync();
        if (node.ExitCode != 0) throw new InvalidOperationException($"trim.mjs failed: {errors}");
        File.Move(part, file, overwrite: true);
    }
}
