using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.Core.Shared.Files;
using Portal.Providers.GitHub.Api;

namespace Portal.Providers.GitHub.Repositories;

/// <summary>
/// Brings files to GitHub as a Git tree in few calls: text goes inside the call that makes the tree, everything else by
/// one call per content. GitHub counts calls that make something, 80 a minute and 500 an hour.
/// </summary>
internal sealed class TreeUpload(GitHubApi client)
{
    /// <summary>What one call may hold; GitHub gives up on a call after 10 s.</summary>
    private const int MaxEntries = 500;
    private const int MaxText = 4 * 1024 * 1024;
    private const int MaxInline = 256 * 1024;
    private const int AtOnce = 8;

    private static readonly UTF8Encoding Strict = new(
        encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <param name="baseTree">The tree that the files are put into; null: there is nothing but them.</param>
    /// <param name="deletions">Paths that are in the base tree and go.</param>
    /// <returns>The tree's SHA.</returns>
    public async Task<string> SendAsync(
        RepositoryName name, FileTree tree, string? baseTree, IEnumerable<string> deletions,
        CancellationToken cancellation)
    {
        var texts = tree.Files.Select(f => (File: f, Text: InlineText(f))).ToList();
        var blobs = await BlobsAsync(name, texts.Where(t => t.Text is null).Select(t => t.File), cancellation);
        var entries = texts.Select(t => t.Text is { } text
                ? NewTreeEntry.OfText(t.File.Path, ModeOf(t.File), text)
                : NewTreeEntry.OfBlob(t.File.Path, ModeOf(t.File), blobs[ContentKey(t.File)]))
            .Concat(deletions.Select(NewTreeEntry.Removed));
        var sha = baseTree;
        foreach (var chunk in Chunks(entries))
        {
            sha = (await client.CreateTreeAsync(name, new NewTree(chunk, sha), cancellation)).Sha;
        }
        // GitHub takes no tree without entries: a commit without files is not possible there.
        return sha ?? throw ProviderException.Invalid(
            "tree-empty", "There is no file to put into the repository: a first commit needs one.");
    }

    private async Task<ConcurrentDictionary<string, string>> BlobsAsync(
        RepositoryName name, IEnumerable<TreeFile> files, CancellationToken cancellation)
    {
        var shas = new ConcurrentDictionary<string, string>(StringComparer.Ordinal);
        var contents = files.DistinctBy(ContentKey);
        await Parallel.ForEachAsync(
            contents, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation },
            async (file, token) =>
            {
                var blob = new Octokit.NewBlob
                {
                    Content = Convert.ToBase64String(file.Content.Span), Encoding = Octokit.EncodingType.Base64,
                };
                shas[ContentKey(file)] = (await client.CreateBlobAsync(name, blob, token)).Sha;
            });
        return shas;
    }

    private static IEnumerable<List<NewTreeEntry>> Chunks(IEnumerable<NewTreeEntry> entries)
    {
        var (chunk, size) = (new List<NewTreeEntry>(), 0);
        foreach (var entry in entries)
        {
            var length = entry.Content?.Length ?? 0;
            if (chunk.Count == MaxEntries || (chunk.Count > 0 && size + length > MaxText))
            {
                yield return chunk;
                (chunk, size) = ([], 0);
            }
            chunk.Add(entry);
            size += length;
        }
        if (chunk.Count > 0) yield return chunk;
    }

    private static string ModeOf(TreeFile file) =>
        file.IsLink ? NewTreeEntry.Link : file.Executable ? NewTreeEntry.Executable : NewTreeEntry.File;

    private static string ContentKey(TreeFile file) => Convert.ToHexString(SHA256.HashData(file.Content.Span));

    /// <summary>
    /// The text, when it is sure to come out as the same bytes: strict UTF-8 without a byte-order mark and without
    /// zeros.
    /// </summary>
    private static string? InlineText(TreeFile file)
    {
        var bytes = file.Content.Span;
        if (bytes.Length is 0 or > MaxInline || bytes.Contains((byte)0) || bytes.StartsWith(Encoding.UTF8.Preamble))
        {
            return null;
        }
        try
        {
            return Strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
