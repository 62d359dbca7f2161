using System.Diagnostics.CodeAnalysis;

namespace Portal.TestKit.Azure.Server;

/// <param name="Name">One of <see cref="AzureRoutes"/>.</param>
/// <param name="Pattern">Path with {parts}; letters of any case.</param>
/// <param name="Versions">Those of the interface that are known.</param>
/// <param name="Action">What the caller must be allowed to do.</param>
internal sealed record ArmRoute(
    string Name, string Method, string Pattern, string[] Versions, string Action, Func<ArmCall, ArmReply> Handle)
{
    private readonly string[] segments = Pattern.Split('/', StringSplitOptions.RemoveEmptyEntries);

    public bool Matches(string method, string[] path, [NotNullWhen(true)] out Dictionary<string, string>? parts)
    {
        parts = null;
        if (path.Length != segments.Length || !method.Equals(Method, StringComparison.OrdinalIgnoreCase)) return false;
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < path.Length; i++)
        {
            if (segments[i].StartsWith('{')) found[segments[i].Trim('{', '}')] = Uri.UnescapeDataString(path[i]);
            else if (!segments[i].Equals(path[i], StringComparison.OrdinalIgnoreCase)) return false;
        }
        parts = found;
        return true;
    }
}
