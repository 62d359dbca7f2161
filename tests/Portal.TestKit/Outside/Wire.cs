using System.Text.Json;
using System.Text.Json.Serialization;
using Portal.Core.Providers;
using Portal.Core.Shared;

namespace Portal.TestKit.Outside;

/// <summary>How the outside world writes: the words of the portal's own contracts as JSON.</summary>
internal static class Wire
{
    public static readonly JsonSerializerOptions Json =
        new(JsonSerializerDefaults.Web) { Converters = { new NameConverter(), new JsonStringEnumConverter() } };

    /// <summary>On offer everywhere.</summary>
    public static IReadOnlyList<EnvironmentSize> Sizes { get; } =
    [
        new("small", 0.5m, 512, new Money(0.01m, "EUR"), "price sheet of the outside world"),
        new("large", 2m, 2048, new Money(0.04m, "EUR"), "price sheet of the outside world"),
    ];

    private sealed class NameConverter : JsonConverter<RepositoryName>
    {
        public override RepositoryName Read(
            ref Utf8JsonReader reader, Type typeToConvert,
            JsonSerializerOptions options) => RepositoryName.Parse(reader.GetString()!);

        public override void Write(Utf8JsonWriter writer, RepositoryName value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.ToString());
    }
}

/// <param name="Tree">The files as one archive (<see cref="Core.GoldenPaths.FileTree.ToArchive"/>).</param>
internal sealed record NewRepository(
    RepositoryName Name, string Description, string DefaultBranch, byte[] Tree, string CommitMessage,
    CommitAuthor Author, string Mark, string Owner);

internal sealed record NewRun(string Workflow, string Reference, string? Correlation);

internal sealed record NewVersion(string PipelineRunId);

internal sealed record WantedState(bool Running);

internal sealed record Refusal(string Code, string Message);

/// <summary>
/// A request that the outside world does not do. The adapter makes the same <see cref="Error"/> of it again.
/// </summary>
internal sealed class RefusedException(ErrorKind kind, string code, string message) : Exception(message)
{
    public ErrorKind Kind => kind;

    public Refusal Refusal { get; } = new(code, message);
}
