using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Portal.Core.Shared;

public static class Json
{
    /// <summary>How the portal writes JSON: camelCase, enums as words, letters of every script as they are.</summary>
    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase), new RepositoryNameConverter() },
    };

    /// <summary>The same, for people to read.</summary>
    public static readonly JsonSerializerOptions Indented = new(Options) { WriteIndented = true };

    private sealed class RepositoryNameConverter : JsonConverter<RepositoryName>
    {
        public override RepositoryName Read(
            ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            RepositoryName.Parse(reader.GetString() ?? "");

        public override void Write(Utf8JsonWriter writer, RepositoryName value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.ToString());
    }
}
