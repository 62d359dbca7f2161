using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Mvc;
using Portal.Core.Access;
using Portal.Core.GoldenPaths.Forms;
using Portal.Core.GoldenPaths.Templates;
using Portal.Core.Runs;
using Portal.Core.Shared;
using Portal.Core.Shared.Files;
using Portal.Web.GoldenPaths;
using Portal.Web.Governance;
using Portal.Web.Shared;

namespace Portal.Web.Backstage;

/// <summary>
/// <c>POST dry-run</c>: a template and its files in the request, what they would make in the answer; nothing is kept.
/// </summary>
internal static class DryRun
{
    private const long MaxBody = 50 * 1024 * 1024;

    public static void MapDryRun(this IEndpointRouteBuilder v2) =>
        v2.MapPost("/dry-run", ExecuteAsync).LimitPlans().WithMetadata(new RequestSizeLimitAttribute(MaxBody));

    private static async Task<IResult> ExecuteAsync(
        HttpRequest request, Caller caller, Authorise authorise, TemplateCatalogue catalogue, PlanRun plan,
        CancellationToken cancellation)
    {
        if ((await authorise.CheckAsync(caller, Permissions.TemplateRun, null, cancellation)).Error is { } refused)
        {
            return refused.ToBackstage();
        }
        if (!(await ReadAsync(request, cancellation)).TryGet(out var body, out var malformed))
        {
            return malformed.ToBackstage();
        }
        if (!Files(body).TryGet(out var files, out var wrong)) return wrong.ToBackstage();
        if (!catalogue.Inline(body.Template!, new FileTree(files)).TryGet(out var version, out var unreadable))
        {
            return unreadable.ToBackstage();
        }
        if (!SubmittedForm.Complete(version.Form, body.Values ?? [], body.Secrets).TryGet(
            out var form, out var invalid))
        {
            return invalid.ToBackstage();
        }
        var planned =
            await plan.PlanAsync(version.Propose(form.Values, form.Secrets, caller.Actor.Ref), caller, cancellation);
        return planned.TryGet(out var result, out var error)
            ? Results.Json(Show(version, result))
            : error.ToBackstage();
    }

    private static object Show(TemplateVersion version, RunPlan plan) => new
    {
        log = plan.Log.Select(l => new { body = new { message = l.Message, stepId = l.StepId } }),
        steps = version.Spec.Steps.Select(s => new { id = s.Id, name = s.Name, action = s.Action }),
        directoryContents = plan.Workspace.Files.Select(f =>
            new { path = f.Path, base64Content = Convert.ToBase64String(f.Content.Span), executable = f.Executable }),
        output = plan.Output,
    };

    private static async Task<Result<Body>> ReadAsync(HttpRequest request, CancellationToken cancellation)
    {
        if (!request.HasJsonContentType()) return BadRequests.NotJson;
        try
        {
            var body = await request.ReadFromJsonAsync<Body>(cancellation);
            return body?.Template is null
                ? Error.Invalid("body-invalid", "The body needs template, values and directoryContents.")
                : body;
        }
        catch (BadHttpRequestException e) when (e.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return new Error(
                ErrorKind.TooLarge, "body-too-large",
                $"The request is over {MaxBody / 1_048_576} MB. Leave out large files.");
        }
        catch (JsonException e)
        {
            return Error.Invalid(
                "body-invalid", $"The body is no JSON of the right shape: line {e.LineNumber + 1}, {e.Path}.");
        }
    }

    private static Result<List<TreeFile>> Files(Body body)
    {
        var files = new List<TreeFile>();
        foreach (var file in body.DirectoryContents ?? [])
        {
            if (file is null)
            {
                return Error.Invalid(
                    "body-invalid",
                    "directoryContents holds null: each of its files is an object with path and base64Content.");
            }
            var content = new byte[(file.Base64Content?.Length ?? 0) / 4 * 3 + 3];
            if (!Convert.TryFromBase64String(file.Base64Content ?? "", content, out var length))
            {
                return Error.Invalid("body-invalid", $"base64Content of {file.Path} is not base64.");
            }
            try
            {
                files.Add(new TreeFile(
                    Workspace.Normalise(file.Path), content.AsMemory(0, length), file.Executable ?? false));
            }
            catch (WorkspaceException e)
            {
                return Error.Invalid("path-invalid", e.Message);
            }
        }
        return files;
    }

    private sealed record Body(
        JsonObject? Template, JsonObject? Values, JsonObject? Secrets, List<BodyFile?>? DirectoryContents);

    private sealed record BodyFile(string Path, string? Base64Content, bool? Executable);
}
