using Microsoft.Extensions.Options;
using Portal.Core.Catalog;
using Portal.Core.Catalog.Organisation;

namespace Portal.Web.Commands.Doctor;

/// <summary>Whether the file of people and teams can be read, where one is set.</summary>
internal static class PeopleFinding
{
    private const string Name = "people file";

    public static IEnumerable<Finding> Run(IServiceProvider services)
    {
        var options = services.GetRequiredService<IOptions<CatalogOptions>>().Value;
        if (string.IsNullOrWhiteSpace(options.PeopleFile)) return [];
        var problems = PeopleFile.Check(options);
        return problems.Count == 0
            ? [Finding.Ok(Name, $"{options.PeopleFile} can be read")]
            : problems.Select(p => Finding.Warn(Name, p, "correct the file; it is read again by itself"));
    }
}
