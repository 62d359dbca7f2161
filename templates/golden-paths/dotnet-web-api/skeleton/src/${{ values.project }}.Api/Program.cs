using ${{ values.project }}.Api.Greetings;
using ${{ values.project }}.Api.Hosting;

var builder = WebApplication.CreateBuilder(args);
builder.ListenOnPort();
builder.AddTelemetry();
builder.Services.AddProblemDetails();
builder.Services.AddValidation();
builder.Services.AddHealth();
builder.Services.AddApiDescription();

var app = builder.Build();
app.UseHttpLogging();
app.UseExceptionHandler();
app.UseStatusCodePages();
app.UseSecurityHeaders();
app.MapOpenApi("/openapi/{documentName}.json");
app.MapHealth();
app.MapLandingPage();
app.MapGreetings();
app.Run();
