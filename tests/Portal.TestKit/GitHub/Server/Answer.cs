using System.Text.Json.Nodes;

namespace Portal.TestKit.GitHub.Server;

internal sealed class Answer(int status, JsonNode? body = null)
{
    public int Status { get; } = status;

    public JsonNode? Body { get; } = body;

    /// <summary>An answer that is no JSON.</summary>
    public byte[]? Raw { get; init; }

    public string? ContentType { get; init; }

    public Dictionary<string, string> Headers { get; } = new(StringComparer.OrdinalIgnoreCase);

    public static Answer None => new(204);

    public static Answer Ok(JsonNode body) => new(200, body);

    public static Answer Created(JsonNode body) => new(201, body);

    public Answer With(string header, string value)
    {
        Headers[header] = value;
        return this;
    }
}

/// <summary>GitHub says no.</summary>
internal sealed class Refusal(int status, string message, params JsonNode[] errors) : Exception(message)
{
    public int Status { get; } = status;

    public Dictionary<string, string> Headers { get; } = new(StringComparer.OrdinalIgnoreCase);

    public JsonObject Body
    {
        get
        {
            var body = new JsonObject { ["message"] = Message };
            if (errors.Length > 0) body["errors"] = new JsonArray([.. errors.Select(error => error.DeepClone())]);
            body["documentation_url"] = "https://docs.github.com/rest";
            body["status"] = Status.ToString();
            return body;
        }
    }

    public static Refusal NotFound() => new(404, "Not Found");

    public static Refusal NotAccessible() => new(403, "Resource not accessible by integration");

    public static Refusal Unprocessable(string message) => new(422, message);

    /// <summary>422 in the form that names the field.</summary>
    public static Refusal Failed(string resource, string field, string code, string? message = null)
    {
        var error = new JsonObject { ["resource"] = resource, ["code"] = code, ["field"] = field };
        if (message is not null) error["message"] = message;
        return new Refusal(422, "Validation Failed", error);
    }
}
