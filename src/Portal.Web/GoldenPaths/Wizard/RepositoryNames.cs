using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Portal.Core.GoldenPaths.Forms;
using Portal.Core.GoldenPaths.Templates;
using Portal.Core.Providers;
using Portal.Core.Runs;
using Portal.Core.Shared;
using Portal.Web.GoldenPaths.Fields;

namespace Portal.Web.GoldenPaths.Wizard;

/// <summary>
/// Finds the fields that name the repository to be made, by what the template gives to the step that makes it, for the
/// address that it will have. A name is free when all is that the template would make of it: its repository, the
/// entries of the catalog, the environments.
/// </summary>
internal sealed partial class RepositoryNames(
    TemplateVersion template, ProviderRegistry providers, FreeNames checks, PlannedNames planned) : INameCheck
{
    private static readonly string[] Makers = ["repo:create", "publish:github", "github:repo:create"];

    private readonly IReadOnlySet<string> naming = NamingParameters.Of(template);
    private readonly Dictionary<string, (string Key, NameAddress Address, string? Problem)> known =
        new(StringComparer.Ordinal);

    /// <summary>What was planned last: of which values, and what of it is not free.</summary>
    private (string Key, bool IsFree, IReadOnlyList<FieldError> Taken) plan = ("", false, []);

    public string? ProblemAt(string path) =>
        (known.TryGetValue(path, out var found) ? found.Problem : null)
        ?? plan.Taken.FirstOrDefault(t => t.Path == path)?.Message;

    /// <summary>Free is what nothing stands in the way of, once that is known.</summary>
    public NameAddress? AddressAt(string path) => !known.TryGetValue(path, out var found) ? null
        : ProblemAt(path) is not null ? found.Address with { IsFree = false }
        : found.Address.IsFree == true && !plan.IsFree ? found.Address with { IsFree = null }
        : found.Address;

    /// <summary>Shows the addresses of what is typed now; true when a host has to be asked about one of them.</summary>
    public bool Look(FormModel form)
    {
        var named = Named(form).ToList();
        foreach (var gone in known.Keys.Except(named.Select(n => n.Path)).ToList()) known.Remove(gone);
        var asks = plan.Key != KeyOf(form);
        if (asks) plan = ("", false, []);
        foreach (var (path, host, name) in named)
        {
            var key = $"{host.Instance} {name}";
            if (known.TryGetValue(path, out var before) && before.Key == key
                && (before.Address.IsFree is not null || before.Problem is not null))
            {
                continue;
            }
            known[path] = (key, new NameAddress(host.CloneUrl(name), null), null);
            asks = true;
        }
        return asks;
    }

    public async Task AskAsync(FormModel form, CancellationToken cancellation)
    {
        foreach (var (path, host, name) in Named(form).ToList())
        {
            var key = $"{host.Instance} {name}";
            if (!known.TryGetValue(path, out var asked) || asked.Key != key || asked.Address.IsFree is not null)
            {
                continue;
            }
            var taken = await checks.NameTakenAsync(host.Instance, name, cancellation);
            // Where the host does not answer, the address stands there without a word on whether it is free; Create
            // asks again.
            if (taken is { Kind: ErrorKind.Unavailable }) continue;
            if (known.TryGetValue(path, out var now) && now.Key == key)
            {
                known[path] = (key, asked.Address with { IsFree = taken is null }, taken?.Message);
            }
        }
        await PlanAsync(form, cancellation);
    }

    private async Task PlanAsync(FormModel form, CancellationToken cancellation)
    {
        var key = KeyOf(form);
        if (plan.Key == key || await planned.LookAsync(template, form.Values, cancellation) is not { } look) return;
        // Somebody may have typed on meanwhile; then it is asked again.
        if (key == KeyOf(form)) plan = (key, look.IsOk, look.Error?.Fields ?? []);
    }

    /// <summary>All that a name may be made of, as it is now.</summary>
    private string KeyOf(FormModel form) => string.Join(
        '\n', naming.Select(n => $"{n}={form.Values[n]?.ToJsonString()}"));

    private IEnumerable<(string Path, IRepositoryHost Host, RepositoryName Name)> Named(FormModel form)
    {
        foreach (var step in template.Spec.Steps.Where(s => Makers.Contains(s.Action)))
        {
            if (Parameter(step.Input["repoUrl"]) is { } url && Value(form, url) is { } text)
            {
                var parts = RepoUrlParts.Parse(text);
                if (RepositoryName.IsValidPart(parts.Owner) && RepositoryName.IsValidPart(parts.Repository)
                    && providers.ForHost(parts.Host).TryGet(out var served, out _))
                {
                    yield return ("/" + url, served, new RepositoryName(parts.Owner, parts.Repository));
                }
            }
            else if (Parameter(step.Input["name"]) is { } name && Parameter(step.Input["owner"]) is { } owner
                && Value(form, name) is { } repository && RepositoryName.IsValidPart(repository)
                    && form.Errors.At("/" + name).Count == 0
                && EntityRef.TryParse(Value(form, owner), "group", out var team)
                    && providers.All<IRepositoryHost>().Any())
            {
                var host = providers.Default<IRepositoryHost>();
                if (RepositoryName.IsValidPart(host.OrganisationOf(team.Value)))
                {
                    yield return ("/" + name, host, new RepositoryName(host.OrganisationOf(team.Value), repository));
                }
            }
        }
    }

    private static string? Value(FormModel form, string name) => FormValues.Get(
        form.Values, "/" + name) is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private static string? Parameter(JsonNode? input) =>
        input is JsonValue value && value.TryGetValue<string>(out var text)
            && OneParameter().Match(text) is { Success: true } match ? match.Groups["name"].Value : null;

    [GeneratedRegex(
        @"^\s*\$\{\{\s*parameters\.(?<name>[A-Za-z_][A-Za-z0-9_]*)\s*\}\}\s*$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex OneParameter();
}
