using Microsoft.AspNetCore.Http.HttpResults;
using Portal.Core.Catalog.Organisation;
using Portal.Core.Shared;
using Portal.Web.Governance;
using Portal.Web.Shared;
using Portal.Web.Shared.Contract;

namespace Portal.Web.Organisation;

internal static class PersonEndpoints
{
    private const string One = "/{ns}/{name}";
    private const string Example =
        """{"text": "apiVersion: backstage.io/v1alpha1\nkind: User\nmetadata: {name: jane.doe}\nspec: {memberOf: [checkout]}\n"}""";

    public static void MapPeopleApi(this IEndpointRouteBuilder api)
    {
        var people = api.MapGroup("/people").WithTags("People and teams");
        people.MapGet("", ListAsync).Named("listPeople", "People that match, a page at a time");
        people.MapPost("", CreateAsync).Named("addPerson", "Name a person; for administrators")
            .Fails(StatusCodes.Status404NotFound, StatusCodes.Status409Conflict)
            .Example("""{"name": "jane.doe", "title": "Jane Doe", "teams": ["group:default/checkout"]}""");
        people.MapPut(One, EditAsync)
            .Named("editPerson", "Change a person who was named in the portal; for administrators")
            .Fails(StatusCodes.Status409Conflict)
            .Example("""{"title": "Jane Doe", "email": "jane@example.com"}""");
        people.MapDelete(One, RemoveAsync)
            .Named("removePerson", "Remove a person who was named in the portal; for administrators")
            .Fails(StatusCodes.Status409Conflict);
        people.MapPut(One + "/administrator", MakeAdministratorAsync)
            .Named("makeAdministrator", "Make a person an administrator, by name; for administrators")
            .Fails(StatusCodes.Status409Conflict);
        people.MapDelete(One + "/administrator", TakeAdministratorAsync)
            .Named("takeAdministrator", "Take that role by name away, but never the last one's; for administrators")
            .Fails(StatusCodes.Status409Conflict);
        people.MapPost("/import/preview", PreviewAsync)
            .Named("previewImport", "What importing users and groups would do; for administrators").Example(Example);
        people.MapPost("/import", ImportAsync)
            .Named("importPeople", "Take users and groups over, all or none; for administrators")
            .Fails(StatusCodes.Status409Conflict).Example(Example);
    }

    private static async Task<Results<Ok<Page<PersonSummary>>, Problem>> ListAsync(
        [AsParameters] OrganisationQuery query, Caller caller, ReadOrganisation read,
        CancellationToken cancellation) =>
        (await read.PeopleAsync(query.ToFilter(), caller, cancellation)).ToPage(PersonSummary.Of);

    private static async Task<Results<Created<MadeEntity>, Problem>> CreateAsync(
        PersonRequest body, Caller caller, ChangePeople persons, CancellationToken cancellation) =>
        (await persons.CreateAsync(body.ToPerson(), caller, cancellation)).ToCreated(
            p => $"/api/v1/catalog/entities/user/{p.Namespace}/{p.Name}", p => new MadeEntity(p.ToString()));

    private static async Task<Results<NoContent, Problem>> EditAsync(
        string ns, string name, ProfileRequest body, Caller caller, ChangePeople persons,
        CancellationToken cancellation) =>
        (await persons.EditAsync(Person(ns, name), body.ToProfile(), caller, cancellation)).ToNoContent();

    private static async Task<Results<NoContent, Problem>> RemoveAsync(
        string ns, string name, Caller caller, ChangePeople persons, CancellationToken cancellation) =>
        (await persons.RemoveAsync(Person(ns, name), caller, cancellation)).ToNoContent();

    private static async Task<Results<NoContent, Problem>> MakeAdministratorAsync(
        string ns, string name, Caller caller, ChangePeople persons, CancellationToken cancellation) =>
        (await persons.SetAdministratorAsync(Person(ns, name), true, caller, cancellation)).ToNoContent();

    private static async Task<Results<NoContent, Problem>> TakeAdministratorAsync(
        string ns, string name, Caller caller, ChangePeople persons, CancellationToken cancellation) =>
        (await persons.SetAdministratorAsync(Person(ns, name), false, caller, cancellation)).ToNoContent();

    private static async Task<Results<Ok<ImportAnswer>, Problem>> PreviewAsync(
        ImportRequest body, Caller caller, ImportPeople import, CancellationToken cancellation) =>
        (await import.PreviewAsync(body.Text, caller, cancellation)).ToOk(ImportAnswer.Of);

    private static async Task<Results<Ok<ImportAnswer>, Problem>> ImportAsync(
        ImportRequest body, Caller caller, ImportPeople import, CancellationToken cancellation) =>
        (await import.ImportAsync(body.Text, caller, cancellation)).ToOk(ImportAnswer.Of);

    private static EntityRef Person(string ns, string name) => new("user", ns, name);
}
