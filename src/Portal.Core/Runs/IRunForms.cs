using System.Text.Json.Nodes;
using Portal.Core.Shared;

namespace Portal.Core.Runs;

/// <summary>The forms that runs were started with, of the very versions that they are pinned to.</summary>
public interface IRunForms
{
    /// <summary>The values with defaults, without what is hidden; an error names each field that is wrong.</summary>
    Task<Result<JsonObject>> CompleteAsync(
        Run run, JsonObject values, JsonObject secrets, CancellationToken cancellation);
}
