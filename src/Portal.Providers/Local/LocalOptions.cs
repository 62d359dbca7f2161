using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Portal.Providers.Local;

/// <summary>The embedded provider: section <c>Portal:Providers:local</c>.</summary>
public sealed class LocalOptions
{
    public const string Section = "Portal:Providers:local";

    /// <summary>False leaves the provider out: no repositories, pipelines and environments on this machine.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>
    /// The provider runs code from repositories on the portal's own machine. Development allows that; elsewhere it must
    /// be allowed here, by name.
    /// </summary>
    public bool AllowInProduction { get; set; }

    /// <summary>Folder of everything that the provider keeps. Empty: <c>local</c> below <c>Portal:Data</c>.</summary>
    public string Data { get; set; } = "";

    /// <summary>Largest pack that one push may bring, in MiB, 1 to 10240.</summary>
    public int MaxPushMiB { get; set; } = 512;

    /// <summary>The longest that one clone, fetch or push may take, in minutes, 1 to 1440.</summary>
    public int GitTimeoutMinutes { get; set; } = 30;

    /// <summary>Clones, fetches and pushes that are served at once, 1 to 1000; more wait.</summary>
    public int GitAtOnce { get; set; } = 24;

    /// <summary>Of one person, 1 to 1000.</summary>
    public int GitAtOncePerPerson { get; set; } = 6;

    /// <summary>Of repositories of one owner, 1 to 1000.</summary>
    public int GitAtOncePerTeam { get; set; } = 16;

    /// <summary>How long one may wait for a place before it is told to come back, in seconds, 1 to 600.</summary>
    public int GitWaitSeconds { get; set; } = 30;

    /// <summary>A client that sends or takes less, on average, is cut off, in bytes per second, 1 to 1048576.</summary>
    public int GitLeastBytesPerSecond { get; set; } = 1024;

    /// <summary>How long a client may be silent before that counts, in seconds, 2 to 600.</summary>
    public int GitSilenceSeconds { get; set; } = 20;

    /// <summary>The user that pipelines and environments run as when the portal runs as root.</summary>
    public string JobUser { get; set; } = "portal-jobs";

    /// <summary>
    /// Whether pipelines reach the network outside of this machine, by IPv4: not the machine itself, its database, nor
    /// what
    /// <see cref="DeniedNetworks"/> names. Without it each job has a loopback of its own and nothing else, as
    /// environments always have.
    /// </summary>
    public bool Network { get; set; }

    /// <summary>
    /// What of the network outside pipelines do not reach: networks such as <c>10.20.0.0/16</c>, or one address as
    /// <c>10.20.0.7/32</c>.
    /// </summary>
    public List<string> DeniedNetworks { get; set; } = [];

    /// <summary>
    /// How long an environment may take to become healthy after it was started, in seconds, 1 to 600.
    /// </summary>
    public int StartTimeoutSeconds { get; set; } = 60;

    /// <summary>
    /// How long an environment may take to end after SIGTERM before it is killed, in seconds, 0 to 120.
    /// </summary>
    public int StopGraceSeconds { get; set; } = 10;

    /// <summary>How pipelines run.</summary>
    public Pipelines.LocalPipelineOptions Pipelines { get; set; } = new();

    /// <summary>What an hour of a running environment costs.</summary>
    public Environments.EnvironmentPrices Prices { get; set; } = new();
}

/// <summary>Collects every failure, and names the key and what it allows.</summary>
internal sealed class LocalOptionsValidator(IHostEnvironment environment) : IValidateOptions<LocalOptions>
{
    private const string Key = LocalOptions.Section;

    public ValidateOptionsResult Validate(string? name, LocalOptions options)
    {
        if (!options.Enabled) return ValidateOptionsResult.Success;
        var failures = new List<string>();
        if (!environment.IsDevelopment() && !options.AllowInProduction)
        {
            failures.Add(
                $"The Local provider runs code from repositories on this machine, which {environment.EnvironmentName} "
                + $"refuses: set {Key}:AllowInProduction=true to allow it, or {Key}:Enabled=false to run without it");
        }

        if (options.MaxPushMiB is < 1 or > 10240)
        {
            failures.Add($"{Key}:MaxPushMiB is {options.MaxPushMiB}: give 1 to 10240");
        }
        if (options.GitTimeoutMinutes is < 1 or > 1440)
        {
            failures.Add($"{Key}:GitTimeoutMinutes is {options.GitTimeoutMinutes}: give 1 to 1440");
        }
        failures.AddRange(GitFailures(options));
        failures.AddRange(options.DeniedNetworks.Where(n => Processes.DeniedNetworks.Parse(n) is null).Select(n =>
            $"{Key}:DeniedNetworks holds '{n}': give networks such as 10.20.0.0/16, and one address as 10.20.0.7/32"));
        if (options.StartTimeoutSeconds is < 1 or > 600)
        {
            failures.Add($"{Key}:StartTimeoutSeconds is {options.StartTimeoutSeconds}: give 1 to 600");
        }
        if (options.StopGraceSeconds is < 0 or > 120)
        {
            failures.Add($"{Key}:StopGraceSeconds is {options.StopGraceSeconds}: give 0 to 120");
        }
        if (options.Prices.Currency is not { Length: 3 } || !options.Prices.Currency.All(char.IsAsciiLetterUpper))
        {
            failures.Add(
                $"{Key}:Prices:Currency is '{options.Prices.Currency}': give three capital letters of ISO 4217, e.g. "
                + "EUR");
        }
        if (options.Prices.Small < 0 || options.Prices.Medium < 0 || options.Prices.Large < 0)
        {
            failures.Add($"{Key}:Prices holds an amount below 0: give prices per hour from 0 on");
        }
        failures.AddRange(options.Pipelines.Failures($"{Key}:Pipelines"));
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static IEnumerable<string> GitFailures(LocalOptions options)
    {
        (string Name, int Value, int Least, int Most)[] numbers =
        [
            (nameof(options.GitAtOnce), options.GitAtOnce, 1, 1000), (
                nameof(options.GitAtOncePerPerson), options.GitAtOncePerPerson, 1, 1000),
            (nameof(options.GitAtOncePerTeam), options.GitAtOncePerTeam, 1, 1000), (
                nameof(options.GitWaitSeconds), options.GitWaitSeconds, 1, 600),
            (nameof(options.GitLeastBytesPerSecond), options.GitLeastBytesPerSecond, 1, 1_048_576), (
                nameof(options.GitSilenceSeconds), options.GitSilenceSeconds, 2, 600),
        ];
        return numbers.Where(n => n.Value < n.Least || n.Value > n.Most)
            .Select(n => $"{Key}:{n.Name} is {n.Value}: give {n.Least} to {n.Most}");
    }
}
