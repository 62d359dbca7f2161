using System.Globalization;
using System.Text.Encodings.Web;
using ${{ values.project }}.Api.Greetings;

namespace ${{ values.project }}.Api.Hosting;

internal static class WebHosting
{
    /// <summary>Listens on PORT, which every environment sets; 8080 otherwise.</summary>
    public static void ListenOnPort(this WebApplicationBuilder builder)
    {
        var text = Environment.GetEnvironmentVariable("PORT") ?? "8080";
        if (!ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port))
        {
            throw new InvalidOperationException($"PORT must be a number from 0 to 65535, not \"{text}\".");
        }

        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.ListenAnyIP(port);
        });
    }

    public static void AddApiDescription(this IServiceCollection services) =>
        services.AddOpenApi(options => options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new() { Title = ServiceVersion.Name, Version = ServiceVersion.Version };
            // Where it runs is the environment's business; without this the address of whoever asks would be in it.
            document.Servers = [];
            return Task.CompletedTask;
        }));

    public static void UseSecurityHeaders(this IApplicationBuilder app) =>
        app.Use((context, next) =>
        {
            var headers = context.Response.Headers;
            headers.ContentSecurityPolicy = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
            headers.XContentTypeOptions = "nosniff";
            headers["Referrer-Policy"] = "no-referrer";
            return next(context);
        });

    public static void MapLandingPage(this IEndpointRouteBuilder routes)
    {
        var encode = HtmlEncoder.Default;
        var page = $"""
            <!doctype html>
            <html lang="en">
            <head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>{encode.Encode(ServiceVersion.Name)}</title></head>
            <body>
            <h1>{encode.Encode(ServiceVersion.Name)}</h1>
            <p>{encode.Encode(Greeting.Word)} from {encode.Encode(ServiceVersion.Name)}.</p>
            <p>Version {encode.Encode(ServiceVersion.Version)}, commit <code>{encode.Encode(ServiceVersion.ShortCommit)}</code>. <a href="/openapi/v1.json">API description</a></p>
            </body>
            </html>

            """;
        routes.MapGet("/", () => Results.Content(page, "text/html; charset=utf-8")).ExcludeFromDescription();
    }
}
