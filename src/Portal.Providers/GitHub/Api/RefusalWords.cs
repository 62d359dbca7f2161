using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Portal.Core.Shared;
using Portal.Providers.Http;

namespace Portal.Providers.GitHub.Api;

/// <summary>
/// What GitHub's refusals mean and what to change, in the portal's words. Null leaves the pipeline's own.
/// </summary>
internal sealed class RefusalWords(string instance, GitHubOptions options)
{
    public const string Credentials = "github-credentials";
    public const string Hidden = "github-not-found";

    private readonly string section = GitHubOptions.SectionOf(instance);
    private readonly Uri api = GitHubAddress.Of(options).Api;

    public Error? Of(CallScope scope, ProviderRefusal refusal)
    {
        var (call, request) = (scope.Call, scope.Request!);
        var said = GitHubSaid.Read(refusal.Body);
        var where = call.Account.IsApp ? "" : $" in {call.Account.Login}";
        return refusal.Status switch
        {
            HttpStatusCode.Unauthorized => Unauthorized(said),
            HttpStatusCode.Forbidden or HttpStatusCode.NotFound when SingleSignOn(refusal.Headers) is { } address =>
                Error.Forbidden("github-sso",
                    $"{call.Account.Login} wants single sign-on (SAML) for this token: authorise "
                        + $"it{(address.Length > 0 ? $" at {address}" : " on GitHub's page of your tokens (Configure SSO)")}."),
            HttpStatusCode.Forbidden when said.Has("suspended") => Error.Forbidden("github-suspended",
                $"The installation of {instance}'s app{where} is suspended: an owner of the organisation can lift that "
                    + "under Settings, GitHub Apps."),
            HttpStatusCode.Forbidden when said.Has("archived") => Archived(request),
            HttpStatusCode.Forbidden when said.Has("IP allow list") => Error.Forbidden("github-ip",
                $"{call.Account.Login} lets in listed IP addresses only: add the portal's address to the "
                    + "organisation's allow list."),
            HttpStatusCode.Forbidden when said.Has("not accessible by") || refusal.Headers.Contains(Accepted) =>
                Permission(scope, refusal.Headers, said),
            HttpStatusCode.Forbidden when said.Text.Length > 0 =>
                Error.Forbidden("github-forbidden", $"GitHub refuses{where}: {said.Text}"),
            HttpStatusCode.UnprocessableEntity or HttpStatusCode.Conflict when said.Has("rule violations")
                || said.Has("protected branch") => Error.Conflict("github-ruleset",
                $"A ruleset or branch protection{where} refuses the push: {said.Text} Let the portal's app bypass it, "
                    + "or change the rule."),
            HttpStatusCode.UnprocessableEntity when said.Text.Length > 0 =>
                Error.Invalid("github-refused", $"GitHub refuses it: {said.Text}"),
            // GitHub hides what one may not change.
            HttpStatusCode.NotFound when request.Method != HttpMethod.Get && call.Needs is not null =>
                Error.NotFound(Hidden,
                    $"GitHub shows nothing to change at {Name(request)}: it is not there, or {Who} lacks the "
                        + $"permission {call.Needs}."),
            _ => null,
        };
    }

    private Error Archived(HttpRequestMessage request) => Error.Conflict("github-archived",
        $"The repository is archived, which makes it read-only: {Name(request)}. Unarchive it on GitHub first.");

    private Error Unauthorized(GitHubSaid said)
    {
        if (!options.IsApp)
        {
            return Error.Forbidden(
                Credentials,
                $"GitHub does not take the token of {instance}: it is wrong, ended or was revoked. Give another as "
                + $"{section}:Token.");
        }
        if (said.Has("'exp'") || said.Has("'iat'") || said.Has("Expiration time") || said.Has("Issued at"))
        {
            return Error.Forbidden(
                Credentials,
                $"GitHub does not take what {instance} signed because the clocks differ: set the clock of the portal's "
                + $"machine (NTP). GitHub says: {said.Text}");
        }
        if (said.Has("Integration must generate a public key"))
        {
            return Error.Forbidden(
                Credentials,
                $"The app {options.AppId} has no key at GitHub: make one on its page and give it as "
                + $"{section}:PrivateKeyFile.");
        }
        return Error.Forbidden(
            Credentials,
            $"GitHub does not take the key of {instance}: check that {section}:AppId and {section}:PrivateKeyFile "
            + "belong to the same app, and that the key was not deleted.");
    }

    private const string Accepted = "x-accepted-github-permissions";

    private Error Permission(CallScope scope, HttpResponseHeaders headers, GitHubSaid said)
    {
        var accepted = headers.TryGetValues(Accepted, out var values)
            ? string.Join(
                " or ",
                string.Join(';', values).Split(
                    ';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            : null;
        var needs = accepted is { Length: > 0 } ? accepted : scope.Call.Needs;
        var what = needs is null ? "a permission" : $"the permission {needs}";
        var how = options.IsApp
            ? "Add it on the app's page (Permissions), and let an owner of the organisation accept it."
            : "Give it to the token, or give another token.";
        return Error.Forbidden(
            "github-permission",
            $"For {scope.Request!.Method} {Name(scope.Request)} {Who} lacks {what}. "
            + $"{how}{(said.Text.Length > 0 ? $" GitHub says: {said.Text}" : "")}");
    }

    private string Who => options.IsApp ? $"the app of {instance}" : $"the token of {instance}";

    /// <summary>Its path below the API.</summary>
    private string Name(HttpRequestMessage request) => request.RequestUri!.AbsolutePath[api.AbsolutePath.Length..];

    /// <summary>
    /// The page on which the token is let in; empty when the header names none; null when it is not about that.
    /// </summary>
    private static string? SingleSignOn(HttpResponseHeaders headers)
    {
        if (!headers.TryGetValues("x-github-sso", out var values)) return null;
        var value = values.First();
        if (!value.StartsWith("required", StringComparison.OrdinalIgnoreCase)) return null;
        var at = value.IndexOf("url=", StringComparison.OrdinalIgnoreCase);
        // It holds a one-time request: of use to whoever opens it only.
        return at < 0 ? "" : value[(at + 4)..].Split(';')[0].Split('?')[0];
    }
}

/// <summary>What an error's body says: its message and those of its parts.</summary>
internal sealed record GitHubSaid(string Text, IReadOnlyList<string> Codes)
{
    private const int Longest = 400;

    public bool Has(string words) => Text.Contains(words, StringComparison.OrdinalIgnoreCase);

    public static GitHubSaid Read(string body)
    {
        try
        {
            var error = JsonSerializer.Deserialize(body, GitHubJson.Default.ErrorBody);
            var parts = (error?.Errors ?? []).Select(Part).Where(p => p.Length > 0).ToList();
            var text = string.Join(
                " ",
                parts.Prepend(error?.Message ?? "").Where(p => p.Length > 0)
                .Select(p => p.TrimEnd('.') + ".")).ReplaceLineEndings(" ");
            var codes = (error?.Errors ?? []).Where(e => e.ValueKind == JsonValueKind.Object)
                .Select(e => Get(e, "code")).OfType<string>().ToList();
            return new GitHubSaid(Words.Short(text, Longest), codes);
        }
        catch (JsonException)
        {
            return new GitHubSaid("", []);
        }
    }

    private static string Part(JsonElement part) => part.ValueKind switch
    {
        JsonValueKind.String => part.GetString()!,
        JsonValueKind.Object when Get(part, "message") is { } message => message,
        JsonValueKind.Object => string.Join(
            ' ',
            new[] { Get(part, "resource"), Get(part, "field"), Get(part, "code")?.Replace('_', ' ') }.OfType<string>()),
        _ => "",
    };

    private static string? Get(JsonElement part, string name) =>
        part.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
