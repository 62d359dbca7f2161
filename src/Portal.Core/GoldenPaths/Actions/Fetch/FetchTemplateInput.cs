using System.Text.Json;
using System.Text.Json.Nodes;
using Portal.Core.Runs.Actions;
using Portal.Core.Shared.Files;

namespace Portal.Core.GoldenPaths.Actions.Fetch;

/// <summary>The input of <c>fetch:template</c>, and what it says about a file.</summary>
internal sealed record FetchTemplateInput(
    string Url, string TargetPath, Globs WithoutTemplating, Globs WithoutRender, string? Extension, bool Replace,
    bool TrimBlocks, bool LstripBlocks)
{
    private const string DefaultExtension = ".njk";

    /// <exception cref="ActionFailedException">Inputs that exclude each other.</exception>
    public static FetchTemplateInput Read(JsonObject input)
    {
        if (input.Flag("cookiecutterCompat"))
        {
            throw ActionFailedException.Wrong(
                "cookiecutterCompat is not supported: write the files with ${{ values.x }} instead of {{ cookiecutter.x }} and remove it.");
        }
        if (input.ContainsKey("copyWithoutRender") && input.ContainsKey("copyWithoutTemplating"))
        {
            throw ActionFailedException.Wrong(
                "copyWithoutRender and copyWithoutTemplating exclude each other. Keep copyWithoutTemplating.");
        }
        var extension = input["templateFileExtension"] is JsonValue value
            ? value.GetValueKind() switch
            {
                JsonValueKind.True => DefaultExtension,
                JsonValueKind.String => value.GetValue<string>(),
                _ => null
            }
            : null;
        if (extension is not null
            && (input.ContainsKey("copyWithoutRender") || input.ContainsKey("copyWithoutTemplating")))
        {
            throw ActionFailedException.Wrong(
                "templateFileExtension says which files are rendered: remove copyWithoutTemplating and copyWithoutRender beside it.");
        }
        if (extension is { Length: 0 }) extension = null;
        return new FetchTemplateInput(
            input.Text("url")!, input.Text("targetPath") ?? "", new Globs(input.Texts("copyWithoutTemplating")),
            new Globs(input.Texts("copyWithoutRender")),
            extension, input.Flag("replace"), input.Flag("trimBlocks"), input.Flag("lstripBlocks"));
    }

    public bool KeepsPath(TreeFile file) => !WithoutRender.IsEmpty && WithoutRender.Matches(file.Path);

    public bool IsRendered(TreeFile file) =>
        !file.IsLink && !(Extension is not null && !file.Path.EndsWith(Extension, StringComparison.Ordinal))
        && !KeepsPath(file) && !(!WithoutTemplating.IsEmpty && WithoutTemplating.Matches(file.Path))
            && !BinaryFiles.IsBinary(file.Content.Span);
}
