using Markdig;
using Markdig.Extensions.AutoLinks;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace Portal.Web.Controls;

/// <summary>Markdown that others wrote, as HTML: their own HTML is shown as text, links keep to <see cref="SafeLinks"/>.</summary>
public static class MarkdownHtml
{
    private const int LowestHeading = 6;

    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder()
        .DisableHtml()
        .UsePipeTables()
        .UseEmphasisExtras()
        .UseAutoLinks(new AutoLinkOptions { OpenInNewWindow = false })
        .Build();

    /// <param name="headings">By how much headings go down: the page has its one h1 already.</param>
    public static string Of(string markdown, int headings = 1)
    {
        var document = Markdown.Parse(markdown, Pipeline);
        foreach (var node in document.Descendants())
        {
            switch (node)
            {
                case HeadingBlock heading: heading.Level = Math.Min(LowestHeading, heading.Level + headings); break;
                case LinkInline link: Keep(link); break;
                case AutolinkInline { IsEmail: false } link when !SafeLinks.IsAllowed(link.Url): link.Url = "#"; break;
            }
        }

        return document.ToHtml(Pipeline);
    }

    private static void Keep(LinkInline link)
    {
        var url = link.GetDynamicUrl?.Invoke() ?? link.Url;
        link.GetDynamicUrl = null;
        link.Url = SafeLinks.IsAllowed(url) ? url : "#";
        if (link.IsImage) link.GetAttributes().AddProperty("loading", "lazy");
        else if (Uri.TryCreate(url, UriKind.Absolute, out var absolute) && absolute.Scheme is ("http" or "https")) link.GetAttributes().AddProperty("rel", "noopener noreferrer");
    }
}
