using Azure.Core;
using System.Text.Json.Nodes;
using Portal.Core.Providers;

namespace Portal.Providers.Azure.Arm;

/// <summary>
/// Follows what Azure has begun to its end: by <c>Azure-AsyncOperation</c>, else by <c>Location</c>, else by the
/// thing's own provisioning state. Waits as long between looks as Azure asks for.
/// </summary>
internal sealed class ArmPoller(ArmApi arm, TimeProvider time, TimeSpan interval)
{
    /// <param name="resource">Path of the thing itself, with its version; null when there is none.</param>
    /// <param name="look">Called after each look, for progress.</param>
    /// <returns>The last answer: of <c>Azure-AsyncOperation</c> its status, else the result.</returns>
    /// <exception cref="ProviderException">It failed: with what Azure says about it.</exception>
    public async Task<JsonObject> WaitAsync(
        ArmAnswer begun, (string Path, string Version)? resource, Func<Task>? look, CancellationToken cancellation)
    {
        var answer = begun;
        var (operation, location) = (begun.AsyncOperation, begun.Location);
        while (true)
        {
            if (operation is null && (location is null ? IsOver(answer.Body.ProvisioningState()) : answer != begun
                && answer.Status != 202))
            {
                return Result(answer.Body, answer.Body.ProvisioningState());
            }
            if (operation is null && location is null && resource is null) return answer.Body;
            await Task.Delay(answer.RetryAfter > interval ? answer.RetryAfter.Value : interval, time, cancellation);
            answer = operation is not null ? await arm.SendAsync(RequestMethod.Get, operation, null, cancellation)
                : location is not null ? await arm.SendAsync(RequestMethod.Get, location, null, cancellation)
                : await arm.GetAsync(resource!.Value.Path, resource.Value.Version, cancellation);
            if (look is not null) await look();
            if (operation is null) location = answer.Location ?? location;
            else if (answer.Body.Text("status") is var status && IsOver(status)) return Result(answer.Body, status);
        }
    }

    private JsonObject Result(JsonObject body, string? state) => state is not null && !Is(state, "Succeeded")
        ? throw arm.Failures.Of(body.Object(
            "error") ?? body.Object("properties").Object("error"), $"It ended as {state}.")
        : body;

    private static bool IsOver(string? state) =>
        state is not null && (Is(state, "Succeeded") || Is(state, "Failed") || Is(state, "Canceled"));

    private static bool Is(string state, string other) => state.Equals(other, StringComparison.OrdinalIgnoreCase);
}
