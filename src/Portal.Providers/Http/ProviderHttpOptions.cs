using Microsoft.Extensions.Options;

namespace Portal.Providers.Http;

/// <summary>How one provider instance is called over HTTP: section <c>Portal:Providers:&lt;name&gt;:Http</c>.</summary>
internal sealed class ProviderHttpOptions
{
    /// <summary>
    /// The longest that one attempt may take, from sending to the last byte of the answer, in seconds, 1 to 600.
    /// </summary>
    public int AttemptTimeoutSeconds { get; set; } = 30;

    /// <summary>How often a call that is safe to repeat is repeated, 0 to 10.</summary>
    public int MaxRetries { get; set; } = 3;

    /// <summary>
    /// The pause before the first repetition, in milliseconds, 1 to 60000. It doubles each time, with jitter.
    /// </summary>
    public int RetryDelayMilliseconds { get; set; } = 500;

    /// <summary>The longest pause between repetitions, in seconds, 1 to 300.</summary>
    public int MaxRetryDelaySeconds { get; set; } = 20;

    /// <summary>
    /// The longest that a call waits for the provider's rate limit, in seconds, 0 to 3600. One that would have to wait
    /// longer fails at once and says until when.
    /// </summary>
    public int MaxRateLimitWaitSeconds { get; set; } = 60;

    /// <summary>The largest answer that is taken, in MiB, 1 to 1024.</summary>
    public int MaxAnswerMiB { get; set; } = 64;

    /// <summary>
    /// How much of what was read is kept to ask only whether it has changed (ETag), in MiB, 0 to 256. 0 keeps nothing.
    /// </summary>
    public int CacheMiB { get; set; } = 8;

    public static string SectionOf(string instance) => $"Portal:Providers:{instance}:Http";
}

/// <summary>Collects every failure, and names the key and what it allows.</summary>
/// <param name="instance">Options of other instances are not its matter.</param>
internal sealed class ProviderHttpOptionsValidator(string instance) : IValidateOptions<ProviderHttpOptions>
{
    public ValidateOptionsResult Validate(string? name, ProviderHttpOptions options)
    {
        if (name != instance) return ValidateOptionsResult.Skip;
        var failures = new List<string>();
        Check(nameof(options.AttemptTimeoutSeconds), options.AttemptTimeoutSeconds, 1, 600);
        Check(nameof(options.MaxRetries), options.MaxRetries, 0, 10);
        Check(nameof(options.RetryDelayMilliseconds), options.RetryDelayMilliseconds, 1, 60_000);
        Check(nameof(options.MaxRetryDelaySeconds), options.MaxRetryDelaySeconds, 1, 300);
        Check(nameof(options.MaxRateLimitWaitSeconds), options.MaxRateLimitWaitSeconds, 0, 3600);
        Check(nameof(options.MaxAnswerMiB), options.MaxAnswerMiB, 1, 1024);
        Check(nameof(options.CacheMiB), options.CacheMiB, 0, 256);
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);

        void Check(string key, int value, int least, int most)
        {
            if (value < least || value > most)
            {
                failures.Add($"{ProviderHttpOptions.SectionOf(instance)}:{key} is {value}: give {least} to {most}");
            }
        }
    }
}
