using System.Text.RegularExpressions;

namespace Portal.Core.Schema;

/// <summary>URI references by the grammar of RFC 3986; <see cref="Uri"/> is more generous than that.</summary>
internal static partial class UriSyntax
{
    public static bool IsReference(string text)
    {
        var match = Shape().Match(text);
        if (!match.Success || !Escapes(text)) return false;

        var authority = match.Groups["authority"];
        if (authority.Success) return IsAuthority(authority.Value);

        // Without a scheme the first segment must not look like one.
        var path = match.Groups["path"].Value;
        return match.Groups["scheme"].Success || !path.Split('/')[0].Contains(':');
    }

    public static bool HasScheme(string text) => Scheme().IsMatch(text);

    private static bool IsAuthority(string authority)
    {
        var host = authority[(authority.LastIndexOf('@') + 1)..];
        if (authority[..(authority.Length - host.Length)].AsSpan().IndexOfAny('[', ']') >= 0) return false;

        if (host.StartsWith('['))
        {
            var end = host.IndexOf(']');
            return end > 0 && Port().IsMatch(host[(end + 1)..])
                && (host[1] is 'v' or 'V' || StringFormat.IsIPv6(host[1..end]));
        }

        var colon = host.IndexOf(':');
        return host.AsSpan().IndexOfAny('[', ']') < 0 && Port().IsMatch(colon < 0 ? "" : host[colon..]);
    }

    private static bool Escapes(string text)
    {
        for (var i = text.IndexOf('%'); i >= 0; i = text.IndexOf('%', i + 1))
        {
            if (i + 2 >= text.Length || !char.IsAsciiHexDigit(text[i + 1]) || !char.IsAsciiHexDigit(text[i + 2]))
            {
                return false;
            }
        }

        return true;
    }

    [GeneratedRegex(
        @"^(?:(?<scheme>[A-Za-z][A-Za-z0-9+.-]*):)?(?://(?<authority>[A-Za-z0-9._~!$&'()*+,;=:@%\[\]-]*)(?=[/?#]|\z))?(?<path>[A-Za-z0-9._~!$&'()*+,;=:@%/-]*)(?:\?[A-Za-z0-9._~!$&'()*+,;=:@%/?-]*)?(?:#[A-Za-z0-9._~!$&'()*+,;=:@%/?-]*)?\z",
        RegexOptions.None, 1000)]
    private static partial Regex Shape();

    [GeneratedRegex(@"^[A-Za-z][A-Za-z0-9+.-]*:", RegexOptions.None, 1000)]
    private static partial Regex Scheme();

    [GeneratedRegex(@"^(?::[0-9]*)?\z", RegexOptions.None, 1000)]
    private static partial Regex Port();
}
