using System.Text.RegularExpressions;
using Portal.Core.Runs;
using Portal.Core.Shared;

namespace Portal.Core.Environments;

/// <summary>
/// What an environment may be called: one rule for forms, the API and templates. Hosts make addresses of it.
/// </summary>
public static partial class EnvironmentNames
{
    /// <summary>For .NET and ECMAScript alike.</summary>
    public const string Pattern = "^[a-z0-9]([a-z0-9-]{0,28}[a-z0-9])?$";

    public const string Rule =
        "Use 1 to 30 lower-case letters, digits and dashes, with a letter or a digit at both ends.";

    public static bool Allows(string? name) =>
        name is { Length: <= 30 } && !name.EndsWith('\n') && Written().IsMatch(name);

    /// <summary>Of an environment that is to be of the component.</summary>
    internal static NameClaim Claim(IEnvironmentRecords records, EntityRef component, string name) =>
        new($"{component.Name} {name}", NameClaim.Portal, async token => NameLook.Of(
            $"environment {component.Key} {name}",
            await records.FindAsync(component, name, token) is { } taken
                ? EnvironmentErrors.NameTaken(taken, component.Name)
                : null,
            name, component.Name));

    [GeneratedRegex(Pattern)]
    private static partial Regex Written();
}
