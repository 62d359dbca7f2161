namespace Portal.TestKit.Fakes;

/// <summary>A template's folder on disk, gone with the test.</summary>
public sealed class TemplateOnDisk : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("portal-template-").FullName;

    /// <param name="spec">What stands below <c>spec</c>, indented by two; null writes no manifest.</param>
    public TemplateOnDisk(string? spec = null, params (string Path, string Text)[] files)
    {
        if (spec is not null) Write("template.yaml", Plans.Text(spec));
        foreach (var (path, text) in files) Write(path, text);
    }

    /// <summary>The whole path of a file or folder in it.</summary>
    public string Of(string path) => System.IO.Path.Combine(Path, path);

    public void Write(string path, string text)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Of(path))!);
        File.WriteAllText(Of(path), text);
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
