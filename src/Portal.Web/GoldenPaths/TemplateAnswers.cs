using System.Text.Json.Nodes;
using Portal.Core.GoldenPaths.Templates;
using Portal.Core.Runs;
using Portal.Core.Shared;

namespace Portal.Web.GoldenPaths;

/// <param name="Reference">Entity reference.</param>
/// <param name="Tags">Null, as what follows it, for one whose file cannot be read.</param>
/// <param name="Successor">Entity reference of the one to use instead.</param>
/// <param name="CannotCreate">Why nothing can be created from it; null when it can.</param>
internal sealed record TemplateSummary(
    string Reference, string Title, string? Description, IReadOnlyList<string>? Tags, string? Type, string? Owner,
    string? Lifecycle, string? Successor, string Source, bool CanCreate, string? CannotCreate,
    IReadOnlyList<TemplateNote> Errors, IReadOnlyList<TemplateNote> Warnings)
{
    public static TemplateSummary Of(TemplateEntry e) => new(
        e.Ref.ToString(), e.Title, e.Manifest?.Description, e.Manifest?.Tags, e.Manifest?.Type,
        e.Manifest?.Owner?.ToString(), e.Manifest?.Lifecycle, e.Manifest?.Successor?.ToString(), e.Source, e.CanCreate,
        e.CannotCreate, e.Errors, e.Warnings);
}

/// <param name="Form">As the template's <c>spec.parameters</c> write it; null when there is none.</param>
internal sealed record TemplateDetails(TemplateSummary Template, JsonNode? Form)
{
    public static TemplateDetails Of(TemplateEntry entry) =>
        new(TemplateSummary.Of(entry), entry.Manifest?.SpecJson["parameters"]?.DeepClone());
}

/// <param name="TreeHash">Of the version that was planned: give it to the start, and exactly that is created.</param>
/// <param name="Hash">The same as long as the same would be made.</param>
/// <param name="Monthly">What it costs per month, one amount per currency.</param>
/// <param name="NotFree">The first name that is not free, or cannot be told to be; null when all are.</param>
internal sealed record TemplatePlan(
    string TreeHash, string Hash, IReadOnlyList<Money> Monthly, IReadOnlyList<PlannedStep> Steps,
    IReadOnlyList<TemplateChange> Changes, IReadOnlyList<string> Warnings, IReadOnlyList<PlannedFile> Files,
    NotFree? NotFree)
{
    public static TemplatePlan Of(string treeHash, RunPlan plan, Error? taken) => new(
        treeHash, plan.Hash, plan.Monthly, plan.Steps, [.. plan.Effects.Select(TemplateChange.Of)], [.. plan.Warnings],
        [.. plan.Files.Files.Select(f => new PlannedFile(f.Path, f.Content.Length, f.Executable))],
        taken is null ? null : new NotFree(taken.Code, taken.Message, taken.Fields));
}

/// <param name="Code">As the start would refuse it, e.g. <c>name-taken</c>.</param>
/// <param name="Fields">The value to change, where it can be told.</param>
internal sealed record NotFree(string Code, string Message, IReadOnlyList<FieldError> Fields);

/// <param name="Size">Bytes.</param>
internal sealed record PlannedFile(string Path, int Size, bool Executable);

/// <summary>A change in the order in which it happens.</summary>
/// <param name="IsCertain">False when the run decides whether it happens.</param>
/// <param name="NameInput">The step's rendered input "name"; null when it has none.</param>
/// <param name="Monthly">What it costs per month; null when nothing.</param>
/// <param name="Working">How that is worked out.</param>
/// <param name="Note">What one has to know before, e.g. that it cannot be undone; null when nothing.</param>
internal sealed record TemplateChange(
    string StepId, string Action, PlannedEffect Effect, bool IsCertain, string? NameInput, string What, string Name,
    string Provider, string Summary, Money? Monthly, string? Working, string? Note)
{
    public static TemplateChange Of(PlannedChange c) => new(
        c.StepId, c.Action, c.Effect, c.IsCertain, c.NameInput, c.What, c.Name, c.Provider, c.Summary, c.Monthly,
        c.Working, c.Note);
}
