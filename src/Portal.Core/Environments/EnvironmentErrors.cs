using Portal.Core.Providers;
using Portal.Core.Shared;

namespace Portal.Core.Environments;

internal static class EnvironmentErrors
{
    public static Error NotFound(string id) => Error.NotFound("environment-not-found", $"There is no environment {id}.");

    public static Error WrongState(PortalEnvironment environment, string verb) => Error.Conflict(
        "environment-state", $"The environment {environment.Name} is {environment.Status.ToString().ToLowerInvariant()}; it cannot be {verb}.");

    public static Error NameTaken(string name, string component) => Error.Conflict(
        "environment-exists", $"{component} has an environment named {name} already. Choose another name.") with
    {
        Fields = [new FieldError("/name", $"{component} has an environment named {name} already.")],
    };

    public static Error NoPassedPipeline(string repository) => Error.Conflict(
        "no-artifact", $"No pipeline of {repository} has passed with an artifact named app yet, so there is nothing to run. Push a commit whose pipeline passes.");
}
