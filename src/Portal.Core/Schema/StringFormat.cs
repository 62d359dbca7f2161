using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace Portal.Core.Schema;

/// <summary>A <c>format</c> that is checked.</summary>
/// <param name="Words">What the value must be, for "must be …".</param>
/// <param name="Matches">The check.</param>
internal sealed partial record StringFormat(string Words, Func<string, bool> Matches)
{
    private static readonly Dictionary<string, StringFormat> Known = new(StringComparer.Ordinal)
    {
        ["email"] = new("an e-mail address, such as ana@example.com", IsEmail),
        ["uri"] = new(
            "a URL, such as https://example.com/path",
            text => UriSyntax.IsReference(text) && UriSyntax.HasScheme(text)),
        ["uri-reference"] = new("a URL or a relative path of one", UriSyntax.IsReference),
        ["date"] = new("a date, such as 2026-01-31", DateFormats.IsDate),
        ["time"] = new("a time with its offset, such as 14:30:00Z", DateFormats.IsTime),
        ["date-time"] = new("a date and time, such as 2026-01-31T14:30:00Z", DateFormats.IsDateTime),
        ["duration"] = new("a duration, such as P1DT12H", DateFormats.IsDuration),
        ["ipv4"] = new("an IPv4 address, such as 192.0.2.1", IsIPv4),
        ["ipv6"] = new("an IPv6 address, such as 2001:db8::1", IsIPv6),
        ["hostname"] = new("a host name, such as www.example.com", IsHostname),
        ["uuid"] = new(
            "a UUID, such as 2eb8aa08-aa98-11ea-b4aa-73b441d16380", text => Guid.TryParseExact(text, "D", out _)),
        ["regex"] = new("a regular expression", text => EcmaRegex.TryParse(text, out _, out _)),
        ["json-pointer"] = new("a JSON pointer, such as /metadata/name", text => Pointer().IsMatch(text)),
        ["relative-json-pointer"] = new(
            "a relative JSON pointer, such as 1/name", text => RelativePointer().IsMatch(text)),
        ["color"] = new("a colour, such as #3366ff", text => Color().IsMatch(text)),
    };

    public static string Names => string.Join(", ", Known.Keys);

    public static StringFormat? Find(string name) => Known.GetValueOrDefault(name);

    private static bool IsEmail(string text)
    {
        var at = text.LastIndexOf('@');
        if (at is < 1 or > 64 || text.Length > 254) return false;

        var (local, domain) = (text[..at], text[(at + 1)..]);
        var isLocal = DotAtom().IsMatch(local) || QuotedLocal().IsMatch(local);
        return isLocal
            && (domain.StartsWith('[') && domain.EndsWith(']') ? IsAddressLiteral(domain[1..^1]) : IsHostname(domain));
    }

    private static bool IsAddressLiteral(string text)
        => text.StartsWith("IPv6:", StringComparison.OrdinalIgnoreCase) ? IsIPv6(text[5..]) : IsIPv4(text);

    private static bool IsIPv4(string text)
        => text.Split('.') is { Length: 4 } parts && parts.All(part =>
            part.Length is > 0 and <= 3 && part.All(char.IsAsciiDigit) && (part.Length == 1 || part[0] != '0')
                && int.Parse(part, CultureInfo.InvariantCulture) < 256);

    public static bool IsIPv6(string text)
        => text.All(c => char.IsAsciiHexDigit(c) || c is ':' or '.')
            && text.Split(':').All(part => part.Length <= 4 || part.Contains('.'))
            && (text.IndexOf('.') < 0 || IsIPv4(text[(text.LastIndexOf(':') + 1)..]))
            && IPAddress.TryParse(text, out var address)
            && address.AddressFamily == AddressFamily.InterNetworkV6;

    /// <summary>RFC 1123: labels of letters, digits and hyphens, 63 characters each, 253 together.</summary>
    private static bool IsHostname(string text)
        => text.Length is > 0 and <= 253 && text.Split('.').All(label => Label().IsMatch(label));

    [GeneratedRegex(@"^[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\z", RegexOptions.None, 1000)]
    private static partial Regex Label();

    [GeneratedRegex(
        @"^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*\z", RegexOptions.None, 1000)]
    private static partial Regex DotAtom();

    [GeneratedRegex(@"^""(?:[\x20\x21\x23-\x5B\x5D-\x7E]|\\[\x20-\x7E])*""\z", RegexOptions.None, 1000)]
    private static partial Regex QuotedLocal();

    [GeneratedRegex(@"^(?:/(?:[^~/]|~[01])*)*\z", RegexOptions.Singleline, 1000)]
    private static partial Regex Pointer();

    [GeneratedRegex(@"^(?:0|[1-9][0-9]*)(?:#|(?:/(?:[^~/]|~[01])*)*)\z", RegexOptions.Singleline, 1000)]
    private static partial Regex RelativePointer();

    [GeneratedRegex(@"^#(?:[0-9A-Fa-f]{3}){1,2}\z", RegexOptions.None, 1000)]
    private static partial Regex Color();
}
