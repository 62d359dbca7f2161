using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Portal.Core.Providers;
using Portal.Core.Shared;

namespace Portal.TestKit.Outside.Server;

internal static partial class EnvironmentRoutes
{
    public static void MapEnvironments(this IEndpointRouteBuilder routes, OutsideState state, Func<Uri> address)
    {
        routes.MapPost("/environments", async (HttpContext context) =>
        {
            var request =
                (await context.Request.ReadFromJsonAsync<CreateEnvironment>(Wire.Json, context.RequestAborted))!;
            return Results.Json(Create(state, request, address()), Wire.Json, statusCode: 201);
        }).WithName(OutsideRoutes.CreateEnvironment);
        routes.MapGet("/environments", (string? mark) => RepositoryRoutes.Locked(state, () =>
            state.Environments.Values.Where(e => mark is null || e.Request.Mark == mark).OrderBy(e => e.CreatedAt)
                .Select(e => e.Describe()).ToList()))
            .WithName(OutsideRoutes.ListEnvironments);
        routes.MapGet("/environments/{id}", (string id) => RepositoryRoutes.Locked(
            state, () => Environment(state, id).Describe())).WithName(OutsideRoutes.FindEnvironment);
        routes.MapPut("/environments/{id}/version", async (string id, HttpContext context) =>
        {
            var request = (await context.Request.ReadFromJsonAsync<NewVersion>(Wire.Json, context.RequestAborted))!;
            return RepositoryRoutes.Locked(state, () => Deploy(state, Environment(state, id), request));
        }).WithName(OutsideRoutes.Deploy);
        routes.MapPut("/environments/{id}/state", async (string id, HttpContext context) =>
        {
            var wanted = (await context.Request.ReadFromJsonAsync<WantedState>(Wire.Json, context.RequestAborted))!;
            return RepositoryRoutes.Locked(state, () => Environment(state, id).Switch(wanted.Running));
        }).WithName(OutsideRoutes.StartOrStop);
        routes.MapDelete("/environments/{id}", (string id) =>
        {
            Destroy(state, id);
            return Results.NoContent();
        }).WithName(OutsideRoutes.DestroyEnvironment);
        routes.MapGet("/environments/{id}/log", (string id, long after, int limit) =>
            RepositoryRoutes.Locked(state, () => Environment(state, id).Log().Where(l => l.Number > after).Take(limit)
                .ToList())).WithName(OutsideRoutes.ReadEnvironmentLog);
        // What runs in an environment. It has no name: nothing goes wrong with it by order.
        routes.MapGet("/running/{id}/", (string id) => Answer(state, id));
    }

    private static StoredEnvironment Environment(OutsideState state, string id) =>
        state.Environments.GetValueOrDefault(id) ?? throw new RefusedException(
            ErrorKind.NotFound, "environment-not-found", $"There is no environment {id}.");

    private static EnvironmentInfo Create(OutsideState state, CreateEnvironment request, Uri address)
    {
        if (!IdPattern().IsMatch(request.Id))
        {
            throw new RefusedException(
                ErrorKind.Invalid, "environment-id-invalid", $"'{request.Id}' cannot be the id of an environment.");
        }
        if (Wire.Sizes.All(s => s.Name != request.Size))
        {
            throw new RefusedException(
                ErrorKind.Invalid, "size-unknown",
                $"There is no size '{request.Size}': choose {string.Join(", ", Wire.Sizes.Select(s => s.Name))}.");
        }
        lock (state.Access)
        {
            if (request.Version is null)
            {
                throw new RefusedException(ErrorKind.Invalid, "version-missing", "Name a pipeline run.");
            }
            var version = Version(state, request.Version.PipelineRunId);
            if (state.Environments.ContainsKey(request.Id))
            {
                throw new RefusedException(
                    ErrorKind.Conflict, "environment-exists", $"There is an environment {request.Id} already.");
            }
            var made = new StoredEnvironment(request, version, new Uri(address, $"/running/{request.Id}/"));
            state.Environments[request.Id] = made;
            state.Ledger.Note(made.AsThing());
            return made.Describe();
        }
    }

    private static EnvironmentInfo Deploy(OutsideState state, StoredEnvironment environment, NewVersion request)
    {
        if (environment.Version.Run == request.PipelineRunId && environment.IsRunning) return environment.Describe();
        if (!environment.IsRunning)
        {
            throw new RefusedException(
                ErrorKind.Conflict, "environment-stopped",
                $"Environment {environment.Request.Name} is stopped: start it first.");
        }
        environment.Version = Version(state, request.PipelineRunId);
        state.Ledger.Note(
            new OutsideThing(OutsideThing.Deployment, environment.Request.Id, request.PipelineRunId, null));
        return environment.Describe();
    }

    /// <summary>
    /// The artifact of a passed run is the file <c>app.txt</c> of its commit; one that begins with "dies:" does not
    /// come up.
    /// </summary>
    private static StoredVersion Version(OutsideState state, string run)
    {
        if (!state.Runs.TryGetValue(run, out var found) || found.Status != PipelineStatus.Passed)
        {
            throw new RefusedException(
                ErrorKind.Invalid, "artifact-missing", $"The pipeline run {run} has left no artifact named app.");
        }
        var text = found.Commit.Tree.ReadText("app.txt") ?? "it works";
        return text.StartsWith("dies:", StringComparison.Ordinal)
            ? throw new RefusedException(
                ErrorKind.Invalid, "environment-unhealthy",
                $"It did not become healthy. The end of its log: {text[5..].Trim()}")
            : new StoredVersion(run, found.Commit.Sha, text);
    }

    private static void Destroy(OutsideState state, string id)
    {
        lock (state.Access)
        {
            var gone = Environment(state, id);
            state.Environments.Remove(id);
            state.Ledger.NoteRemoved(gone.AsThing());
        }
    }

    private static IResult Answer(OutsideState state, string id)
    {
        lock (state.Access)
        {
            return state.Environments.GetValueOrDefault(id) is not { } environment ? Results.NotFound()
                : environment.IsRunning ? Results.Text(environment.Version.Text)
                : Results.StatusCode(StatusCodes.Status503ServiceUnavailable);
        }
    }

    [GeneratedRegex(@"^[a-z0-9][a-z0-9-]{0,62}\z")]
    private static partial Regex IdPattern();
}

internal sealed record StoredVersion(string Run, string Commit, string Text);

internal sealed class StoredEnvironment(CreateEnvironment request, StoredVersion version, Uri url)
{
    private DateTimeOffset startedAt = OutsideState.Now();

    public CreateEnvironment Request => request;

    public StoredVersion Version { get; set; } = version;

    public bool IsRunning { get; private set; } = true;

    public DateTimeOffset CreatedAt { get; } = OutsideState.Now();

    public EnvironmentInfo Switch(bool running)
    {
        if (running && !IsRunning) startedAt = OutsideState.Now();
        IsRunning = running;
        return Describe();
    }

    public EnvironmentInfo Describe() => new(
        request.Id, request.Name, request.Repository, IsRunning ? EnvironmentStatus.Running : EnvironmentStatus.Stopped,
        url.ToString(), Version.Commit, Version.Run,
        request.Size, request.Mark, 0, null, CreatedAt, IsRunning ? startedAt : null);

    public IEnumerable<HostLogLine> Log() => new[] { "starting", "listening" }.Select(
        (text, index) => new HostLogLine(index + 1, CreatedAt, "stdout", text));

    public OutsideThing AsThing() =>
        new(OutsideThing.Environment, request.Id, request.Mark, request.Labels.GetValueOrDefault("portal.owner"));
}
