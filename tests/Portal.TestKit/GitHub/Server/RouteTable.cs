using Portal.TestKit.GitHub.Description;

namespace Portal.TestKit.GitHub.Server;

/// <summary>Who may call an operation.</summary>
internal static class Access
{
    /// <summary>Only the app itself, with its JSON web token.</summary>
    public const string App = "app";

    /// <summary>Whoever is known.</summary>
    public const string Anybody = "anybody";

    /// <summary>Only an installation.</summary>
    public const string Installation = "installation";

    /// <summary>Only people.</summary>
    public const string User = "user";
}

internal sealed record Route(string Name, string Access, Func<ApiCall, Task<Answer>> Handler);

/// <summary>What the world can do, by the names of GitHub's description.</summary>
internal sealed class RouteTable(ApiDescription description)
{
    private readonly Dictionary<string, Route> routes = new(StringComparer.Ordinal);

    public IReadOnlyCollection<string> Names => routes.Keys;

    /// <param name="name">Such as <c>POST /orgs/{org}/repos</c>.</param>
    /// <param name="access">One of <see cref="Server.Access"/>, or the permission that an installation needs:
    /// <c>contents:write</c>.</param>
    public void Add(string name, string access, Func<ApiCall, Task<Answer>> handler)
    {
        if (!description.Operations.Any(operation => operation.Name == name))
        {
            throw new InvalidOperationException($"GitHub's description has no {name}.");
        }
        routes.Add(name, new Route(name, access, handler));
    }

    public void Add(string name, string access, Func<ApiCall, Answer> handler) =>
        Add(name, access, call => Task.FromResult(handler(call)));

    public Route? Find(string name) => routes.GetValueOrDefault(name);
}
