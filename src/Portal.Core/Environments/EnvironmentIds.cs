using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Portal.Core.Shared;

namespace Portal.Core.Environments;

/// <summary>
/// Ids of environments: component, name and six characters of their own, e.g. <c>orders-dev-k3f9x2</c>.
/// </summary>
internal static partial class EnvironmentIds
{
    /// <summary>Stands for the six characters where nothing is made.</summary>
    public const string Example = "xxxxxx";

    private const string Letters = "0123456789abcdefghjkmnpqrstvwxyz";

    /// <summary>The same for the same run, so that a step that is taken up again makes nothing else.</summary>
    public static string Of(Guid run, EntityRef component, string name)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{run:N}/{component.Key}/{name}"));
        return With(component, name, string.Concat(hash.Take(6).Select(b => Letters[b & 31])));
    }

    /// <summary>For a look at what a run would change, before there is one.</summary>
    public static string ExampleOf(EntityRef component, string name) => With(component, name, Example);

    private static string With(EntityRef component, string name, string tail)
    {
        var slug = NotInSlug().Replace(component.Name.ToLowerInvariant(), "-").Trim('-');
        return $"{(slug.Length <= 40 ? slug : slug[..40].TrimEnd('-'))}-{name}-{tail}".TrimStart('-');
    }

    [GeneratedRegex("[^a-z0-9]+")]
    private static partial Regex NotInSlug();
}
