using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.Core.Shared.Files;

namespace Portal.TestKit.Outside.Server;

internal static class RepositoryRoutes
{
    private const int MaxFileSize = 10 * 1024 * 1024;

    public static void MapRepositories(this IEndpointRouteBuilder routes, OutsideState state)
    {
        routes.MapPost("/repositories", async (HttpContext context) =>
        {
            var request = (await context.Request.ReadFromJsonAsync<NewRepository>(Wire.Json, context.RequestAborted))!;
            return Results.Json(Create(state, request), Wire.Json, statusCode: 201);
        }).WithName(OutsideRoutes.CreateRepository);
        routes.MapGet("/repositories", () => Locked(state, () => state.Repositories.Values.Select(Describe).ToList()))
            .WithName(OutsideRoutes.ListRepositories);
        routes.MapGet("/repositories/{organisation}/{name}", (string organisation, string name) =>
            Locked(state, () => Describe(state.Repository(new RepositoryName(organisation, name))))).WithName(
                OutsideRoutes.FindRepository);
        routes.MapDelete("/repositories/{organisation}/{name}", (string organisation, string name) =>
        {
            Delete(state, new RepositoryName(organisation, name));
            return Results.NoContent();
        }).WithName(OutsideRoutes.DeleteRepository);
        routes.MapGet(
            "/repositories/{organisation}/{name}/commits",
            (string organisation, string name, string reference, int limit) =>
                Locked(state, () => state.Repository(new RepositoryName(organisation, name)).From(reference).Take(limit)
                    .Select(c => new Commit(c.Sha, c.Subject, c.Author, c.At)).ToList())).WithName(
                        OutsideRoutes.ListCommits);
        routes.MapGet(
            "/repositories/{organisation}/{name}/file",
            (string organisation, string name, string reference, string path) =>
                Results.Bytes(Read(state, new RepositoryName(organisation, name), reference, path))).WithName(
                    OutsideRoutes.ReadFile);
    }

    public static IResult Locked<T>(OutsideState state, Func<T> read)
    {
        lock (state.Access) return Results.Json(read(), Wire.Json);
    }

    private static Repository Create(OutsideState state, NewRepository request)
    {
        var tree = FileTree.FromArchive(request.Tree);
        Check(tree);
        lock (state.Access)
        {
            var made = new StoredRepository(request);
            if (!state.Repositories.TryAdd(request.Name, made))
            {
                throw new RefusedException(
                    ErrorKind.Conflict, "repository-exists",
                    $"There is a repository {request.Name} already: choose another name.");
            }
            made.Add(tree, request.CommitMessage, request.Author.Name, request.Author.At);
            state.Ledger.Note(made.AsThing());
            return Describe(made);
        }
    }

    private static void Delete(OutsideState state, RepositoryName name)
    {
        lock (state.Access)
        {
            var gone = state.Repository(name);
            state.Repositories.Remove(name);
            foreach (var run in state.Runs.Values.Where(r => r.Repository == name).ToList()) state.Runs.Remove(run.Id);
            state.Ledger.NoteRemoved(gone.AsThing());
        }
    }

    private static byte[] Read(OutsideState state, RepositoryName name, string reference, string path)
    {
        lock (state.Access)
        {
            if (state.Repository(name).From(reference) is not [var commit, ..]
                || !commit.Tree.TryGet(path, out var file))
            {
                throw new RefusedException(ErrorKind.NotFound, "file-not-found", $"There is no {path} at {reference}.");
            }
            return file.Content.Length <= MaxFileSize
                ? file.Content.ToArray()
                : throw new RefusedException(ErrorKind.TooLarge, "file-too-large", $"{path} is too large to be read.");
        }
    }

    private static void Check(FileTree tree)
    {
        foreach (var file in tree.Files)
        {
            for (var slash = file.Path.LastIndexOf('/'); slash > 0; slash = file.Path.LastIndexOf('/', slash - 1))
            {
                if (tree.TryGet(file.Path[..slash], out _))
                {
                    throw new RefusedException(
                        ErrorKind.Invalid, "path-invalid",
                        $"{file.Path[..slash]} is a file and a folder at once: rename one of them.");
                }
            }
            if (!IsPath(file.Path))
            {
                throw new RefusedException(
                    ErrorKind.Invalid, "path-invalid", $"The path '{file.Path}' cannot be in a repository.");
            }
        }
    }

    private static bool IsPath(string path)
    {
        try
        {
            return path.Length > 0 && Workspace.Normalise(path) == path;
        }
        catch (WorkspaceException)
        {
            return false;
        }
    }

    /// <summary>Without its address: the client knows where it asked.</summary>
    private static Repository Describe(StoredRepository repository) => new(
        repository.Name, repository.Description, repository.DefaultBranch, "", null, repository.Head.Sha,
        repository.Mark, repository.Owner);
}
