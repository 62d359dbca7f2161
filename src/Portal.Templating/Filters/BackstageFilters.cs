using System.Collections.Specialized;
using System.Web;
using Portal.Templating.Rendering;

namespace Portal.Templating.Filters;

/// <summary>The filters that Backstage adds: parseRepoUrl, projectSlug, parseEntityRef, pick.</summary>
internal static class BackstageFilters
{
    public static IEnumerable<KeyValuePair<string, TemplateFunction>> All(Func<string, string?>? hostType) =>
        new Dictionary<string, TemplateFunction>
        {
            ["parseRepoUrl"] = (_, args) => Value.From(ParseRepoUrl(args.At(0), hostType)),
            ["projectSlug"] = (_, args) => ProjectSlug(ParseRepoUrl(args.At(0), hostType)),
            ["parseEntityRef"] = (_, args) => EntityRefFilter.Parse(args.At(0), args.At(1)),
            ["pick"] = (_, args) => PickFilter.Pick(args.At(0), args.At(1), args.At(2)),
        };

    private static Value ProjectSlug(ObjectValue parts) => Value.From($"{parts["owner"]}/{parts["repo"]}");

    private static ObjectValue ParseRepoUrl(Value value, Func<string, string?>? hostType)
    {
        var text = value.ToString();
        if (!Uri.TryCreate("https://" + text, UriKind.Absolute, out var url) || url.Host.Length == 0)
        {
            throw new EvaluationError($"Invalid repo URL passed to publisher, got {text}, TypeError: Invalid URL");
        }

        var host = url.IsDefaultPort ? url.Host : $"{url.Host}:{url.Port}";
        var query = HttpUtility.ParseQueryString(url.Query);
        var type = hostType is null ? KnownType(host) : hostType(host);
        if (type is null)
        {
            throw new EvaluationError(
                $"No matching integration configuration for host {host}, please check your integrations config");
        }

        foreach (var name in Required(type, host, query))
        {
            if (string.IsNullOrEmpty(query[name]))
            {
                throw new EvaluationError(
                    $"Invalid repo URL passed to publisher: https://{host}{url.AbsolutePath}{url.Query}, missing {name}");
            }
        }

        var result = new ObjectValue().Set("host", Value.From(host));
        foreach (var name in (string[])["owner", "repo", "organization", "workspace", "project"])
        {
            if (query[name] is { } part) result.Set(name, Value.From(part.Trim('/')));
        }

        return result;
    }

    private static string KnownType(string host) => host switch
    {
        "github.com" => "github",
        "gitlab.com" => "gitlab",
        "bitbucket.org" or "www.bitbucket.org" => "bitbucket",
        "dev.azure.com" => "azure",
        _ => "",
    };

    private static string[] Required(string type, string host, NameValueCollection query) => type switch
    {
        "bitbucket" when host == "www.bitbucket.org" => ["workspace", "project", "repo"],
        "bitbucket" or "bitbucketCloud" or "bitbucketServer" or "azure" => ["project", "repo"],
        "gitlab" when !string.IsNullOrEmpty(query["project"]) => [],
        "gitlab" => ["owner", "repo"],
        "gitea" or "gerrit" => ["repo"],
        _ => ["repo", "owner"],
    };
}
