using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Portal.TestKit.GitHub.Server;

/// <summary>One request to the API, with who asks and what for.</summary>
internal sealed class ApiCall(
    WorldState state, Caller caller, HttpRequest request, IReadOnlyDictionary<string, string> path, JsonNode? body)
{
    private StoredRepository? repository;

    public WorldState State { get; } = state;

    public Caller Caller { get; } = caller;

    public HttpRequest Request { get; } = request;

    public JsonObject Body => body as JsonObject ?? [];

    /// <summary>A value of the path.</summary>
    public string this[string name] => path[name];

    public long Number(string name) => long.TryParse(
        this[name], NumberStyles.None, CultureInfo.InvariantCulture,
        out var number) ? number : throw Refusal.NotFound();

    public string? Query(string name) => Request.Query[name].ToString() is { Length: > 0 } value ? value : null;

    public string? Text(string name) => Body[name]?.GetValue<string>();

    public bool? Flag(string name) => (bool?)Body[name];

    public GitHubOrganisation Organisation => State.Organisation(this["org"]);

    /// <summary>The repository in the path; where it has moved, the answer says where to.</summary>
    public StoredRepository Repository => repository ??= FindRepository(this["owner"], this["repo"]);

    public StoredRepository FindRepository(string owner, string name)
    {
        if (State.FindMoved(owner, name) is not { } found || !Caller.Sees(found) && Caller.Kind != CallerKind.App)
        {
            throw Refusal.NotFound();
        }
        if (State.Find(owner, name) is not null) return found;
        throw Moved(found);
    }

    /// <summary>A part of the list, with the links to the others.</summary>
    /// <param name="holder">The name under which GitHub puts the list, beside its length; null = the answer is the
    /// list.</param>
    public Answer Page(IEnumerable<JsonNode> all, string? holder = null)
    {
        var list = all.ToList();
        var size = Math.Clamp(int.TryParse(Query("per_page"), out var asked) ? asked : 30, 1, 100);
        var page = Math.Max(int.TryParse(Query("page"), out var number) ? number : 1, 1);
        var items = new JsonArray(
            [.. list.Skip((page - 1) * size).Take(size).Select(item => item.Parent is null ? item : item.DeepClone())]);
        var answer =
            Answer.Ok(holder is null ? items : new JsonObject { ["total_count"] = list.Count, [holder] = items });
        var last = Math.Max(1, (list.Count + size - 1) / size);
        List<string> links = [];
        if (page > 1) links.AddRange([Link(page - 1, "prev"), Link(1, "first")]);
        if (page < last) links.AddRange([Link(page + 1, "next"), Link(last, "last")]);
        return links.Count > 0 ? answer.With("Link", string.Join(", ", links)) : answer;
    }

    private string RawPath => Request.HttpContext.Features.Get<IHttpRequestFeature>()!.RawTarget.Split('?')[0];

    private string Link(int page, string relation)
    {
        var others = Request.Query.Where(q => q.Key != "page")
            .Select(q => $"{q.Key}={Uri.EscapeDataString(q.Value.ToString())}");
        return $"<{State.Web}{RawPath}?{string.Join('&', others.Append($"page={page}"))}>; rel=\"{relation}\"";
    }

    /// <summary>GET is told that it is for good, everything else that it must ask there in the same way.</summary>
    private Refusal Moved(StoredRepository found)
    {
        var rest = RawPath.Split('/').Skip(6).ToList();
        var address =
            $"{State.Api}/repositories/{found.Id}{(rest.Count > 0 ? "/" + string.Join('/', rest) : "")}{Request.QueryString}";
        var refusal = HttpMethods.IsGet(Request.Method)
            ? new Refusal(301, "Moved Permanently")
            : new Refusal(307, "Temporary Redirect");
        refusal.Headers["Location"] = address;
        return refusal;
    }
}
