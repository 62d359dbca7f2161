using System.Security.Cryptography;

namespace Portal.Providers.Local.Pipelines.Expressions;

/// <summary>hashFiles(): SHA-256 over the SHA-256 of each matching file of the workspace; empty when none matches.</summary>
internal static class FileHash
{
    public static string Of(string? workspace, IEnumerable<string> patterns)
    {
        if (workspace is null) throw new ExpressionException("hashFiles() can only be used in a step");
        var lines = patterns.SelectMany(p => p.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)).ToList();
        using var all = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var any = false;
        foreach (var file in Files.WorkspaceFiles.Match(workspace, lines).Where(f => !f.IsLink))
        {
            using var stream = File.OpenRead(file.FullPath);
            all.AppendData(SHA256.HashData(stream));
            any = true;
        }

        return any ? Convert.ToHexStringLower(all.GetHashAndReset()) : "";
    }
}
