using Portal.Core.Providers;
using Portal.Core.Runs.Actions;
using Portal.Core.Shared;
using Portal.Core.Shared.Files;

namespace Portal.Core.Runs;

/// <summary>Why a run failed, as far as it decides what helps.</summary>
public enum FailureCause
{
    /// <summary>Something is called so already: another name is needed, and to try again changes nothing.</summary>
    NameTaken,

    /// <summary>What it was given, or what the template makes of it, is wrong: the same again fails the same.</summary>
    Input,
}

internal static class FailureCauses
{
    public static FailureCause? Of(Exception e) => e switch
    {
        ActionFailedException failed => failed.Cause,
        ProviderException { Error: var error } when TakenNames.Are(error) => FailureCause.NameTaken,
        ProviderException { Error.Kind: ErrorKind.Invalid or ErrorKind.TooLarge } => FailureCause.Input,
        WorkspaceException or Templating.TemplateException => FailureCause.Input,
        _ => null,
    };
}
