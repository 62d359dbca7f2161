using System.Globalization;
using Portal.Core.Delivery;
using Portal.Core.Runs;
using Portal.Core.Shared;

namespace Portal.Core.Environments;

internal static class EnvironmentErrors
{
    public static Error NotFound(string id) =>
        Error.NotFound("environment-not-found", $"There is no environment {id}.");

    public static Error WrongState(PortalEnvironment environment, string verb)
    {
        var state = environment.Status.ToString().ToLowerInvariant();
        return Error.Conflict(
            "environment-state", $"The environment {environment.Name} is {state}; it cannot be {verb}.");
    }

    public static Error NameTaken(string name, string component)
    {
        var message = $"{component} has an environment named {name} already.";
        return Error.Conflict(TakenNames.Environment, $"{message} Choose another name.") with
        {
            Fields = [new FieldError("/name", message)],
        };
    }

    /// <summary>With its address: the other way out is to destroy that one.</summary>
    public static Error NameTaken(PortalEnvironment taken, string component) =>
        NameTaken(taken.Name, component) with
        {
            Message = $"{component} has an environment named {taken.Name} already (/environments/{taken.Id}). "
                + "Choose another name, or destroy that one first.",
        };

    public static Error AdoptedAlready(string external) => Error.Conflict(
        "environment-adopted-already",
        $"{external} is adopted already. Look at the environments, or at the list of what can be adopted, again.");

    public static Error BeingMade(PortalEnvironment environment) => Error.Conflict(
        "environment-being-made",
        $"The environment {environment.Name} is being made by a run (/runs/{environment.RunId}). "
        + "Wait for it, or cancel that run.");

    public static Error NotMade(PortalEnvironment environment) => Error.Conflict(
        "environment-not-made",
        $"The environment {environment.Name} was not made by its run (/runs/{environment.RunId}). "
        + "Retry or undo that run, or destroy this.");

    public static Error WrongClock(PortalEnvironment environment) => Error.Conflict(
        "clock-not-trusted",
        $"Whether the end of {environment.Name} has come cannot be told now: the clocks are not to be trusted.");

    public static Error PipelineOfAnother(string pipelineRun, string repository) => Error.Invalid(
        "pipeline-of-another", $"The pipeline run {pipelineRun} is not one of {repository}. Name one that is.");

    /// <summary>To extend is not to shorten.</summary>
    public static Error EndsLater(PortalEnvironment environment) => Error.Conflict(
        "environment-ends-later",
        (environment.ExpiresAt is { } end
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"The environment {environment.Name} lives longer already, until {end:yyyy-MM-dd HH:mm} UTC. ")
            : $"The environment {environment.Name} has no end. ")
        + "Choose a longer time; or say that it is to end sooner.");

    public static Error NotEnded(PortalEnvironment environment) =>
        Error.Conflict("environment-not-ended", $"The end of {environment.Name} was moved meanwhile; it stays.");

    public static Error NoPassedPipeline(string repository) => Error.Conflict(
        "no-artifact",
        $"No pipeline of {repository} has passed on its default branch and left an artifact named "
        + $"{NewestVersion.Artifact}. There is nothing to run yet: push a commit whose pipeline passes.");

    public static Error Adopted(PortalEnvironment environment) => Error.Conflict(
        "environment-adopted",
        $"The environment {environment.Name} was there before the portal. Release it to keep it running without the "
        + "portal; or say that what the portal did not make is to be destroyed too.");

    public static Error NotAdopted(PortalEnvironment environment) => Error.Conflict(
        "environment-not-adopted",
        $"The portal made the environment {environment.Name}, so there is nobody to give it back to. "
        + "Destroy it instead.");

    public static Error NoStateBefore(PortalEnvironment environment) => Error.Conflict(
        "environment-state-unknown",
        $"How the environment {environment.Name} was before it was adopted is not on record any more, so it cannot be "
        + "given back. Take the portal's tags away at its provider.");

    public static Error NoProvider(PortalEnvironment environment) => Error.NotFound(
        "provider-missing",
        $"Its provider '{environment.Provider}' is not set up any more, so it cannot be asked. See Portal:Providers.");
}
