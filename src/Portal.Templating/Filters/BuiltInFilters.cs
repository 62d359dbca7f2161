using System.Collections.Frozen;

namespace Portal.Templating.Filters;

/// <summary>The table of filters: Nunjucks's, Backstage's, and those of the options.</summary>
internal static class BuiltInFilters
{
    public static FrozenDictionary<string, Callable> With(TemplateEngineOptions options)
    {
        var table = new Dictionary<string, Callable>(StringComparer.Ordinal);
        foreach (var (name, function) in TextFilters.All.Concat(ListFilters.All).Concat(ValueFilters.All)
            .Concat(HtmlFilters.All))
        {
            table[name] = new FunctionValue(name, function, takesUnknown: name is "default" or "d");
        }

        foreach (var (name, function) in BackstageFilters.All(options.RepositoryHostType).Concat(options.Filters))
        {
            table[name] = new FunctionValue(name, function);
        }

        return table.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
