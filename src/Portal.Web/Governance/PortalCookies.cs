using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.Extensions.Options;
using Npgsql;
using Portal.Core.Data;
using Portal.Web.Hosting;

namespace Portal.Web.Governance;

/// <summary>
/// Cookies that two portals on one machine do not share: browsers send a cookie to every port of a host name, so the
/// name tells the installation. All replicas of one installation use the same.
/// </summary>
internal sealed class PortalCookies(IOptions<PortalOptions> options, DataFolder folder, DatabaseConnections database)
    : IPostConfigureOptions<CookieAuthenticationOptions>, IPostConfigureOptions<AntiforgeryOptions>
{
    public string Session => $"{Prefix}portal-{Installation}";

    public string Form => $"{Prefix}portal-form-{Installation}";

    /// <summary>Written by the browser, and worth nothing to who reads it.</summary>
    public string Theme => $"portal-theme-{Installation}";

    private bool IsHttps => options.Value.PublicUrl.StartsWith("https:", StringComparison.OrdinalIgnoreCase);

    /// <summary>A browser takes such a cookie over TLS alone, from this host and for all of it.</summary>
    private string Prefix => IsHttps ? "__Host-" : "";

    private string Installation => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Place())))[..8];

    public void PostConfigure(string? name, CookieAuthenticationOptions options)
    {
        if (name != CookieAuthenticationDefaults.AuthenticationScheme) return;
        options.Cookie.Name = Session;
        Harden(options.Cookie);
    }

    public void PostConfigure(string? name, AntiforgeryOptions options)
    {
        options.Cookie.Name = Form;
        Harden(options.Cookie);
    }

    private void Harden(CookieBuilder cookie)
    {
        cookie.HttpOnly = true;
        cookie.SameSite = SameSiteMode.Strict;
        cookie.Path = "/";
        cookie.SecurePolicy = IsHttps ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest;
    }

    /// <summary>What all replicas of an installation have in common, and no other installation has.</summary>
    private string Place()
    {
        if (options.Value.PublicUrl.Length > 0) return options.Value.PublicUrl.TrimEnd('/');
        // A private database has another port at each start, its folder stays.
        if (!folder.IsShared) return folder.Path;
        var connection = new NpgsqlConnectionStringBuilder(database.Pooled);
        return $"{connection.Host}:{connection.Port}/{connection.Database}";
    }
}
