using System.Xml;
using Portal.Core.Shared;

namespace Portal.Core.Delivery.Reports;

/// <summary>
/// Adds up test results, JUnit's and Visual Studio's (TRX). The files are whatever a job wrote: they are read as a
/// stream, without entities, document types and addresses, and what is kept of them is bounded.
/// </summary>
/// <param name="paths">Makes a path relative to the repository.</param>
internal sealed class TestResultsReader(RepositoryPaths paths)
{
    /// <summary>Failed tests that are kept.</summary>
    public const int Most = 100;

    public const int LongestFile = 10 << 20;

    private const int LongestText = 4_000;
    private const int LongestName = 500;
    private const int Deepest = 64;
    private const int MostTests = 1_000_000;
    private const int MostProblems = 10;

    private readonly List<FailedTest> failures = [];
    private readonly List<string> problems = [];
    private int passed, failed, skipped;

    public bool HasRead { get; private set; }

    public TestReport Report => new(passed, failed, skipped, failures, problems);

    public static bool IsReport(string path) =>
        path.EndsWith(".xml", StringComparison.OrdinalIgnoreCase)
            || path.EndsWith(".trx", StringComparison.OrdinalIgnoreCase);

    /// <summary>A file that is no report of tests is passed over; one that is spoilt is named.</summary>
    public async Task ReadAsync(string name, Stream file, CancellationToken cancellation)
    {
        var settings = new XmlReaderSettings
        {
            Async = true, DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, IgnoreComments = true,
            IgnoreProcessingInstructions = true, MaxCharactersInDocument = LongestFile, CloseInput = false,
        };
        var isReport = false;
        try
        {
            using var reader = XmlReader.Create(file, settings);
            if (await reader.MoveToContentAsync() != XmlNodeType.Element) return;
            isReport = reader.LocalName is "testsuites" or "testsuite" or "TestRun";
            if (!isReport) return;
            HasRead = true;
            await ReadAsync(reader, cancellation);
        }
        catch (Exception e) when (e is XmlException or IOException or NotSupportedException)
        {
            // Any XML may lie among what a job kept: only one that began as a report was meant as one.
            if (isReport) Trouble(name, "it is not well-formed, or too large");
            else if (e is XmlException && IsNamedLikeOne(name)) Trouble(name, "it cannot be read as XML");
        }
    }

    public void Trouble(string name, string why)
    {
        HasRead = true;
        if (problems.Count < MostProblems) problems.Add($"{Words.Short(name, LongestName)} is not counted: {why}.");
    }

    private async Task ReadAsync(XmlReader reader, CancellationToken cancellation)
    {
        while (await reader.ReadAsync())
        {
            cancellation.ThrowIfCancellationRequested();
            if (reader.Depth > Deepest) throw new XmlException("too deep");
            if (passed + failed + skipped >= MostTests) throw new XmlException("too many tests");
            if (reader.NodeType != XmlNodeType.Element) continue;
            if (reader.LocalName == "testcase") await ReadCaseAsync(reader, cancellation);
            else if (reader.LocalName == "UnitTestResult") await ReadResultAsync(reader, cancellation);
        }
    }

    /// <summary>JUnit.</summary>
    private async Task ReadCaseAsync(XmlReader reader, CancellationToken cancellation)
    {
        var (name, suite) = (Attribute(reader, "name") ?? "", Attribute(reader, "classname"));
        var (file, line) = (Attribute(reader, "file"), Number(Attribute(reader, "line")));
        var (message, details) = ((string?)null, (string?)null);
        var (isFailed, isSkipped, depth) = (false, false, reader.Depth);
        while (!reader.IsEmptyElement && await reader.ReadAsync() && reader.Depth > depth)
        {
            cancellation.ThrowIfCancellationRequested();
            if (reader.Depth > Deepest) throw new XmlException("too deep");
            if (reader.NodeType != XmlNodeType.Element || reader.Depth != depth + 1) continue;
            if (reader.LocalName == "skipped") isSkipped = true;
            if (reader.LocalName is not ("failure" or "error")) continue;
            isFailed = true;
            message ??= Attribute(reader, "message");
            details ??= await TextAsync(reader, cancellation);
        }
        if (isFailed) Fail(new FailedTest(name, suite, file, line, message ?? FirstLine(details), details));
        else if (isSkipped) skipped++;
        else passed++;
    }

    /// <summary>TRX.</summary>
    private async Task ReadResultAsync(XmlReader reader, CancellationToken cancellation)
    {
        var (name, outcome) = (Attribute(reader, "testName") ?? "", reader.GetAttribute("outcome"));
        var (message, details, depth) = ((string?)null, (string?)null, reader.Depth);
        while (!reader.IsEmptyElement && await reader.ReadAsync() && reader.Depth > depth)
        {
            cancellation.ThrowIfCancellationRequested();
            if (reader.Depth > Deepest) throw new XmlException("too deep");
            if (reader.NodeType != XmlNodeType.Element) continue;
            if (reader.LocalName == "Message") message ??= await TextAsync(reader, cancellation);
            else if (reader.LocalName == "StackTrace") details ??= await TextAsync(reader, cancellation);
        }
        switch (outcome)
        {
            case "Passed" or "PassedButRunAborted" or "Warning" or "Completed":
                passed++;
                break;
            case "NotExecuted" or "Pending" or "Inconclusive" or "NotRunnable" or "Disconnected":
                skipped++;
                break;
            default:
                Fail(new FailedTest(name, null, null, null, message ?? FirstLine(details), details));
                break;
        }
    }

    private void Fail(FailedTest test)
    {
        failed++;
        if (failures.Count >= Most) return;
        var (file, line) = test.File is null ? paths.FirstFrame(test.Details) : (paths.Relative(test.File), test.Line);
        failures.Add(test with
        {
            File = file, Line = line, Message = test.Message.Trim() is { Length: > 0 } told ? told : "It failed.",
            Details = test.Details?.Trim() is { Length: > 0 } details ? details : null,
        });
    }

    /// <summary>
    /// Of the element and all in it, as far as it is kept; the reader ends at its end. What lies beyond is read and
    /// thrown away piece by piece.
    /// </summary>
    private static async Task<string> TextAsync(XmlReader reader, CancellationToken cancellation)
    {
        if (reader.IsEmptyElement) return "";
        var (text, depth, piece) = (new System.Text.StringBuilder(), reader.Depth, new char[1024]);
        while (await reader.ReadAsync() && reader.Depth > depth)
        {
            cancellation.ThrowIfCancellationRequested();
            if (reader.Depth > Deepest) throw new XmlException("too deep");
            if (reader.NodeType is not (XmlNodeType.Text or XmlNodeType.CDATA)) continue;
            int read;
            while ((read = await reader.ReadValueChunkAsync(piece, 0, piece.Length)) > 0)
            {
                text.Append(piece, 0, Math.Min(read, LongestText - text.Length));
            }
        }
        return text.ToString();
    }

    private static string? Attribute(XmlReader reader, string name) =>
        reader.GetAttribute(name) is { Length: > 0 } value ? Words.Short(value, LongestText) : null;

    private static string FirstLine(string? text) =>
        text?.Split('\n').Select(l => l.Trim()).FirstOrDefault(l => l.Length > 0) ?? "";

    private static int? Number(string? text) => int.TryParse(text, out var number) && number > 0 ? number : null;

    private static bool IsNamedLikeOne(string name) =>
        name.EndsWith(".trx", StringComparison.OrdinalIgnoreCase)
            || Path.GetFileName(name).Contains("junit", StringComparison.OrdinalIgnoreCase)
            || Path.GetFileName(name).StartsWith("TEST-", StringComparison.Ordinal);
}
