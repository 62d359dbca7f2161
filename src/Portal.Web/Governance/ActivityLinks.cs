using Portal.Core.Shared;
using Portal.Web.Shared;

namespace Portal.Web.Governance;

/// <summary>Where the record of a change leads.</summary>
public static class ActivityLinks
{
    /// <param name="subject">As audit events have it: an entity reference, <c>run:…</c>, <c>environment:…</c>,
    /// <c>pipeline:…</c>.</param>
    public static string? Of(string subject)
    {
        var colon = subject.IndexOf(':');
        if (colon < 0) return null;
        var rest = subject[(colon + 1)..];
        return subject[..colon] switch
        {
            "run" => Guid.TryParse(rest, out var run) ? PortalUrls.Run(run) : null,
            "environment" => PortalUrls.Environment(rest),
            "pipeline" => PortalUrls.Pipeline(rest),
            "template" when EntityRef.TryParse(subject, null, out var template) => PortalUrls.Template(template.Value),
            "repository" or "portal" => null,
            "provider" => PortalUrls.Providers,
            _ => EntityRef.TryParse(subject, null, out var entity) ? PortalUrls.Entity(entity.Value) : null,
        };
    }
}
