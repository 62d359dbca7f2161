using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Portal.Core.Providers;

/// <summary>
/// <c>Portal:Defaults</c>: which instance serves what names none. Empty: <c>local</c> where it is on, else the only one
/// that can.
/// </summary>
public sealed class ProviderDefaults
{
    public const string Section = "Portal:Defaults";

    /// <summary>The instance that is there without being configured.</summary>
    public const string Embedded = "local";

    public string Repositories { get; set; } = "";
    public string Pipelines { get; set; } = "";
    public string Environments { get; set; } = "";

    internal static string? KeyOf<T>() where T : class, IProvider => typeof(T).Name switch
    {
        nameof(IRepositoryHost) => nameof(Repositories),
        nameof(IPipelineHost) => nameof(Pipelines),
        nameof(IEnvironmentHost) => nameof(Environments),
        _ => null,
    };

    internal (string Key, string Instance) Of<T>() where T : class, IProvider => KeyOf<T>() switch
    {
        nameof(Repositories) => (nameof(Repositories), Repositories),
        nameof(Pipelines) => (nameof(Pipelines), Pipelines),
        nameof(Environments) => (nameof(Environments), Environments),
        _ => throw new InvalidOperationException($"{typeof(T).Name} has no default."),
    };
}

/// <summary>A kind of adapter that this portal has: what <c>Portal:Providers:&lt;name&gt;:Type</c> may be.</summary>
/// <param name="Type">E.g. <c>GitHub</c>.</param>
public sealed record ProviderKind(string Type);

/// <summary>Finds instances of no known type, and defaults that name no instance that can do it.</summary>
internal sealed class ProviderDefaultsValidator(
    IConfiguration configuration, IEnumerable<ProviderKind> kinds, IEnumerable<IProvider> providers)
    : IValidateOptions<ProviderDefaults>
{
    public ValidateOptionsResult Validate(string? name, ProviderDefaults options)
    {
        var failures = new List<string>();
        var types = kinds.Select(k => k.Type).ToList();
        foreach (var instance in configuration.GetSection("Portal:Providers").GetChildren())
        {
            var type = instance["Type"];
            // What is there without being configured may have a section without saying what it is.
            if (type is null
                && (instance.Key == ProviderDefaults.Embedded || providers.Any(p => p.Instance == instance.Key)))
            {
                continue;
            }
            if (!types.Contains(type, StringComparer.OrdinalIgnoreCase))
            {
                failures.Add($"{instance.Path}:Type is '{type}': give one of {string.Join(", ", types)}");
            }
        }
        Check<IRepositoryHost>(options, failures);
        Check<IPipelineHost>(options, failures);
        Check<IEnvironmentHost>(options, failures);
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private void Check<T>(ProviderDefaults options, List<string> failures) where T : class, IProvider
    {
        var (key, named) = options.Of<T>();
        var able = providers.OfType<T>().Select(p => p.Instance).ToList();
        if (named.Length > 0 && !able.Contains(named, StringComparer.OrdinalIgnoreCase))
        {
            failures.Add(
                $"{ProviderDefaults.Section}:{key} is '{named}': no provider of that name offers {key.ToLowerInvariant()}; there are: {(able.Count == 0 ? "none" : string.Join(", ", able))}");
        }
    }
}
