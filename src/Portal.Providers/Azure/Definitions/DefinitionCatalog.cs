using Portal.Core.Providers;

namespace Portal.Providers.Azure.Definitions;

/// <summary>
/// The environment definitions of a folder. One that is wrong is left out and told as a problem; the others serve.
/// </summary>
internal sealed class DefinitionCatalog
{
    private DefinitionCatalog(IReadOnlyList<DefinitionFile> all, IReadOnlyList<string> problems) =>
        (All, Problems) = (all, problems);

    /// <summary>The default first, the others by name.</summary>
    public IReadOnlyList<DefinitionFile> All { get; }

    /// <summary>Each names a file and its line, and what to change.</summary>
    public IReadOnlyList<string> Problems { get; }

    /// <param name="first">Name of the default.</param>
    public static DefinitionCatalog Read(string folder, string first, string instance)
    {
        var (all, problems) = (new List<DefinitionFile>(), new List<string>());
        if (!Directory.Exists(folder))
        {
            problems.Add(
                $"There is no folder {folder}: set Portal:Providers:{instance}:Definitions to that of the environment "
                + "definitions.");
        }
        else
        {
            var folders = Directory.EnumerateDirectories(folder)
                .Where(d => File.Exists(Path.Combine(d, DefinitionReader.FileName)));
            foreach (var definition in folders.Order(StringComparer.Ordinal))
            {
                try
                {
                    all.Add(DefinitionReader.Read(definition));
                }
                catch (DefinitionException wrong)
                {
                    problems.Add(wrong.Message);
                }
            }
            if (all.Count == 0 && problems.Count == 0)
            {
                problems.Add($"No folder in {folder} has an {DefinitionReader.FileName}.");
            }
            if (all.Count > 0 && all.All(d => d.Name != first))
            {
                problems.Add(
                    $"Portal:Providers:{instance}:DefaultDefinition is '{first}': choose "
                    + $"{string.Join(", ", all.Select(d => d.Name))}.");
            }
        }
        return new DefinitionCatalog(
            [.. all.OrderBy(d => d.Name != first).ThenBy(d => d.Name, StringComparer.Ordinal)], problems);
    }

    public DefinitionFile Get(string name) =>
        All.FirstOrDefault(d => d.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
        ?? throw ProviderException.Invalid(
            "definition-unknown", $"There is no environment definition '{name}'. There "
                + $"{(All.Count == 0 ? $"is none: {string.Join(" ", Problems)}" : $"are: {string.Join(", ", All.Select(d => d.Name))}")}");
}
