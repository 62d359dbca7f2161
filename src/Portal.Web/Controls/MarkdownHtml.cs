using System.Net;
using Markdig;
using Markdig.Extensions.AutoLinks;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace Portal.Web.Controls;

/// <summary>
/// Markdown that others wrote, as HTML: their own HTML is shown as text, links keep to <see cref="SafeLinks"/>.
/// </summary>
public static class MarkdownHtml
{
    private const int LowestHeading = 6;

    /// <summary>
    /// Beyond this a text is cut, in characters: some of what Markdown can mean costs the square of its length.
    /// </summary>
    internal const int Limit = 64 * 1024;

    /// <summary>Of all tables: each row has as many cells as the widest, so a short text can have millions.</summary>
    private const int MaxCells = 20_000;

    private static readonly MarkdownPipeline WithTables = Builder().UsePipeTables().Build();

    private static readonly MarkdownPipeline WithoutTables = Builder().Build();

    /// <param name="headings">By how much headings go down: the page has its one h1 already.</param>
    /// <param name="closed">Addresses that stand there without being links.</param>
    public static string Of(string markdown, int headings = 1, IReadOnlySet<string>? closed = null)
    {
        if (markdown.Length > Limit)
        {
            markdown = $"{markdown[..Limit]}\n\n*Only the first {Limit / 1024} KiB are shown.*";
        }
        try
        {
            return Render(markdown, headings, closed);
        }
        catch (ArgumentException)
        {
            // The parser's answer to quotes, lists or brackets that are nested without end.
            return $"<p><em>This text is nested too deeply to be laid out.</em></p><pre>{WebUtility.HtmlEncode(markdown)}</pre>";
        }
    }

    private static string Render(string markdown, int headings, IReadOnlySet<string>? closed)
    {
        var pipeline = Cells(markdown) <= MaxCells ? WithTables : WithoutTables;
        var document = Markdown.Parse(markdown, pipeline);
        foreach (var node in document.Descendants().ToList())
        {
            switch (node)
            {
                case HeadingBlock heading: heading.Level = Math.Min(LowestHeading, heading.Level + headings); break;
                case LinkInline { Url: { } url } link when closed?.Contains(url) == true: Open(link); break;
                case LinkInline link: Keep(link); break;
                case AutolinkInline { IsEmail: false } link when !SafeLinks.IsAllowed(link.Url): link.Url = "#"; break;
            }
        }

        return document.ToHtml(pipeline);
    }

    private static MarkdownPipelineBuilder Builder() =>
        new MarkdownPipelineBuilder().DisableHtml().UseEmphasisExtras()
            .UseAutoLinks(new AutoLinkOptions { OpenInNewWindow = false });

    /// <summary>At most so many: as if all lines with a bar were one table.</summary>
    private static long Cells(string markdown)
    {
        var (widest, rows) = (0L, 0L);
        foreach (var line in markdown.AsSpan().EnumerateLines())
        {
            if (line.Count('|') is not (> 0 and var bars)) continue;
            widest = Math.Max(widest, bars + 1);
            rows++;
        }

        return widest * rows;
    }

    /// <summary>Its words stay.</summary>
    private static void Open(LinkInline link)
    {
        while (link.FirstChild is { } word)
        {
            word.Remove();
            link.InsertBefore(word);
        }
        link.Remove();
    }

    private static void Keep(LinkInline link)
    {
        var url = link.GetDynamicUrl?.Invoke() ?? link.Url;
        link.GetDynamicUrl = null;
        link.Url = SafeLinks.IsAllowed(url) ? url : "#";
        if (link.IsImage) link.GetAttributes().AddProperty("loading", "lazy");
        else if (Uri.TryCreate(url, UriKind.Absolute, out var absolute)
            && absolute.Scheme is ("http" or "https")) link.GetAttributes().AddProperty("rel", "noopener noreferrer");
    }
}
