using System.ComponentModel.DataAnnotations;

namespace ${{ values.project }}.Api.Greetings;

internal static class GreetingEndpoints
{
    // Letters, digits and what stands in names, in the dialect of JavaScript too: the API description carries it.
    private const string NamePattern = @"^[\p{L}\p{N} .'-]+$";

    public static void MapGreetings(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/v1/greetings/{name}", (
                [StringLength(50, MinimumLength = 1)]
                [RegularExpression(NamePattern, ErrorMessage = "A name has letters, digits, spaces, dots, apostrophes and dashes.")]
                string name) => Greeting.For(name))
            .WithName("GetGreeting")
            .WithTags("Greetings")
            .WithSummary("A greeting for somebody")
            .ProducesValidationProblem();
}
