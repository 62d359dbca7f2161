using Microsoft.Extensions.Options;
using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.Providers.GitHub.Access;

namespace Portal.Providers.GitHub;

/// <summary>Collects every failure, and names the key and what it takes. Secrets are never repeated.</summary>
/// <param name="instance">Options of other instances are not its matter.</param>
internal sealed class GitHubOptionsValidator(string instance) : IValidateOptions<GitHubOptions>
{
    private readonly string key = GitHubOptions.SectionOf(instance);

    public ValidateOptionsResult Validate(string? name, GitHubOptions options)
    {
        if (name != instance) return ValidateOptionsResult.Skip;
        List<string> failures =
            [.. Address(options), .. Credentials(options), .. Organisations(options), .. Rest(options)];
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private IEnumerable<string> Address(GitHubOptions options)
    {
        if (!Uri.TryCreate(options.Address, UriKind.Absolute, out var address)
            || address.Scheme is not ("https" or "http") || address.UserInfo.Length > 0)
        {
            yield return $"{key}:Address is no web address: give https://github.com or that of your GitHub Enterprise "
                + "Server, without a name and password";
        }
        else if (address.Scheme == "http" && !address.IsLoopback)
        {
            yield return $"{key}:Address is {address}: give https, or credentials would be readable on the way";
        }
        foreach (var host in options.Hosts.Where(h => Uri.CheckHostName(h.Split(':')[0]) == UriHostNameType.Unknown))
        {
            yield return $"{key}:Hosts has '{host}': give host names as in a repository's address, e.g. github.com";
        }
    }

    private IEnumerable<string> Credentials(GitHubOptions options)
    {
        if (options.AppId.Length > 0 && options.Token.Length > 0)
        {
            yield return $"{key}:AppId and {key}:Token are both given: keep one of them";
        }
        if (options.AppId.Length == 0 && options.Token.Length == 0)
        {
            yield return $"{key} has no credentials: give AppId with PrivateKeyFile (or PrivateKey), or Token";
        }
        if (options.Token.Length > 0 && options.Token.Any(c => char.IsWhiteSpace(c) || char.IsControl(c) || c > 126))
        {
            yield return $"{key}:Token holds characters that no token has: give it as GitHub shows it, without spaces "
                + "and line ends";
        }
        if (options.AppId.Length == 0)
        {
            if (options.PrivateKey.Length > 0 || options.PrivateKeyFile.Length > 0)
            {
                yield return $"{key}:PrivateKey is given without AppId: give the app's id, from its page";
            }
            yield break;
        }
        if (options.AppId.Any(c => !char.IsAsciiLetterOrDigit(c) && c != '.'))
        {
            yield return $"{key}:AppId is no id of an app: give the number (or the client id) on its page";
        }
        if (options.InstallationId < 0)
        {
            yield return $"{key}:InstallationId is {options.InstallationId}: give the number at the end of the "
                + "installation's address, or leave it out";
        }
        if (AppKey.Failure(options) is { } failure) yield return $"{key}:{failure}";
    }

    private IEnumerable<string> Organisations(GitHubOptions options)
    {
        if (options.Organisation.Length > 0 && !RepositoryName.IsValidPart(options.Organisation))
        {
            yield return $"{key}:Organisation is '{options.Organisation}': give its name as in its address";
        }
        foreach (var (team, organisation) in options.Organisations.Where(o => !RepositoryName.IsValidPart(o.Value)))
        {
            yield return $"{key}:Organisations:{team} is '{organisation}': give the organisation's name as in its "
                + "address";
        }
    }

    private IEnumerable<string> Rest(GitHubOptions options)
    {
        if (!Enum.TryParse<RepositoryVisibility>(options.DefaultVisibility, ignoreCase: true, out _))
        {
            yield return $"{key}:DefaultVisibility is '{options.DefaultVisibility}': give Private, Internal or Public";
        }
        if (options.MarkProperty.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('_' or '-' or '$' or '#')))
        {
            yield return $"{key}:MarkProperty is '{options.MarkProperty}': give the name of a custom property "
                + "(letters, digits, _, -, $, #)";
        }
        if (options.WebhookSecret.Length is > 0 and < 16)
        {
            yield return $"{key}:WebhookSecret has fewer than 16 characters: give a long random one";
        }
    }
}
