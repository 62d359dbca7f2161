using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Portal.TestKit.GitHub.Description;

namespace Portal.TestKit.GitHub.Server;

/// <summary>
/// Answers below <c>/api/v3/</c>: finds the operation, then who asks, then checks the request, and only then does it.
/// </summary>
internal sealed class ApiServer(
    WorldState state, ApiDescription description, RouteTable routes, Authentication authentication, GitHubLimits limits,
    FaultyAnswers faults, Action<string, int> answered)
{
    private const string Root = "/api/v3";

    private static readonly string[] Versions = ["2022-11-28", "2026-03-10"];

    public async Task ServeAsync(HttpContext context)
    {
        var (request, path) = (context.Request, await state.HeldAsync(() => Path(context)));
        context.Response.Headers["X-GitHub-Request-Id"] = Guid.NewGuid().ToString("N").ToUpperInvariant();
        var writer = new AnswerWriter(context, state, limits);
        if (description.Find(request.Method, path) is not { } found)
        {
            state.Violations.Enqueue($"{request.Method} {path}: GitHub describes no such operation");
            await writer.WriteAsync(null, new Answer(404, Refusal.NotFound().Body));
            return;
        }
        var body = await ReadAsync(request);
        state.Ledger.NoteCall(found.Operation.Name);
        await faults.AroundAsync(context, found.Operation.Name, async () =>
        {
            var answer = await AnswerAsync(context, found.Operation, found.Values, body);
            await writer.WriteAsync(found.Operation, answer);
            answered(found.Operation.Name, answer.Status);
        });
    }

    private Task<Answer> AnswerAsync(
        HttpContext context, ApiOperation operation, IReadOnlyDictionary<string, string> values,
        byte[] body) => state.HeldAsync(async () =>
    {
        try
        {
            return await DoAsync(context.Request, operation, values, body);
        }
        catch (Refusal refusal)
        {
            var answer = new Answer(refusal.Status, refusal.Body);
            foreach (var (name, value) in refusal.Headers) answer.With(name, value);
            return answer;
        }
        catch (Exception e)
        {
            state.Mistakes.Enqueue($"{operation.Name}: {e}");
            return new Answer(500, new Refusal(500, "Server Error").Body);
        }
    });

    private async Task<Answer> DoAsync(
        HttpRequest request, ApiOperation operation, IReadOnlyDictionary<string, string> values, byte[] body)
    {
        if (request.Headers.UserAgent.Count == 0)
        {
            throw new Refusal(
                403,
                "Request forbidden by administrative rules. Please make sure your request has a User-Agent header.");
        }
        if (request.Headers["X-GitHub-Api-Version"].ToString() is { Length: > 0 } version
            && !Versions.Contains(version))
        {
            state.Violations.Enqueue($"{operation.Name}: there is no version {version} of the API");
            throw new Refusal(400, $"'{version}' is not a supported version of the API");
        }
        var route = routes.Find(operation.Name);
        var caller = authentication.Identify(request, route?.Access ?? Access.Anybody);
        LimitRates(operation);
        Check(request, operation, values, body);
        if (route is null)
        {
            state.Violations.Enqueue($"{operation.Name}: the world cannot do it yet");
            return new Answer(501, new Refusal(501, "Not made in this world").Body);
        }
        var call = new ApiCall(state, caller, request, values, body.Length == 0 ? null : JsonNode.Parse(body));
        Authorise(call, operation, route);
        return await route.Handler(call);
    }

    private void LimitRates(ApiOperation operation)
    {
        if (operation.Name == "GET /rate_limit") return;
        if (limits.TakeSecondary() is { } secondary)
        {
            var refusal = new Refusal(
                secondary.Status,
                "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.");
            if (secondary.RetryAfter is { } wait)
            {
                refusal.Headers["Retry-After"] = Math.Ceiling(wait.TotalSeconds).ToString(
                    "0", System.Globalization.CultureInfo.InvariantCulture);
            }
            throw refusal;
        }
        if (!limits.TryCount()) throw new Refusal(403, "API rate limit exceeded for installation.");
    }

    private void Check(
        HttpRequest request, ApiOperation operation, IReadOnlyDictionary<string, string> values, byte[] body)
    {
        var violations = RequestCheck.Violations(operation, values, request, body);
        foreach (var violation in violations) state.Violations.Enqueue($"{operation.Name}: {violation}");
        if (violations.Count > 0) throw new Refusal(422, $"Invalid request.\n\n{string.Join('\n', violations)}");
    }

    private static void Authorise(ApiCall call, ApiOperation operation, Route route)
    {
        var caller = call.Caller;
        switch (route.Access)
        {
            case Access.Anybody or Access.App:
                return;
            case Access.Installation when caller.Kind != CallerKind.Installation:
                throw new Refusal(
                    403,
                    "You must authenticate with an installation access token in order to list repositories for an installation.");
            case Access.User when caller.Kind != CallerKind.User:
                throw Refusal.NotAccessible();
            case Access.Installation or Access.User:
                return;
        }
        if (caller.Kind == CallerKind.Installation && !operation.IsForApps) throw Refusal.NotAccessible();
        if (operation.Parameters.Any(p => p.Name == "repo") && operation.Parameters.Any(p => p.Name == "owner"))
        {
            Reach(call, route);
        }
        if (operation.Parameters.Any(p => p.Name == "org") && caller.Kind == CallerKind.Installation
            && call.Organisation != caller.Organisation)
        {
            throw Refusal.NotAccessible();
        }
        if (!caller.May(route.Access))
        {
            var refusal = Refusal.NotAccessible();
            refusal.Headers["X-Accepted-GitHub-Permissions"] = route.Access.Replace(':', '=');
            throw refusal;
        }
    }

    /// <summary>
    /// What cannot be seen is not there; what is archived can only be read, or taken out of the archive.
    /// </summary>
    private static void Reach(ApiCall call, Route route)
    {
        var repository = call.Repository;
        if (repository.IsBlocked) throw new Refusal(451, "Repository access blocked");
        if (repository.IsArchived && !route.Name.StartsWith("GET ", StringComparison.Ordinal)
            && route.Name is not ("PATCH /repos/{owner}/{repo}" or "DELETE /repos/{owner}/{repo}"))
        {
            throw new Refusal(403, "Repository was archived so is read-only.");
        }
    }

    /// <summary>As it was sent, not decoded: a name may have <c>%2F</c> in it.</summary>
    private string Path(HttpContext context)
    {
        var target = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
        var path = target.Split('?')[0][Root.Length..];
        if (!path.StartsWith("/repositories/", StringComparison.Ordinal)) return path;
        var parts = path.Split('/');
        return long.TryParse(parts[2], out var id) && state.Repositories.TryGetValue(id, out var found)

                ? $"/repos/{found.FullName}{string.Concat(parts.Skip(3).Select(part => "/" + part))}"
                : "/repos/nobody/nothing";
    }

    private static async Task<byte[]> ReadAsync(HttpRequest request)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body);
        return body.ToArray();
    }
}
